package kseg.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.engine.Engine;
import kseg.engine.interpret.Interpreter;
import kseg.machine.EngineKind;
import kseg.verify.Verifier.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Engines with one mistake each: it is found, and the case becomes small and replays. */
class PlantedBugTest {
    private static final long MOST_EXECUTIONS = 100_000;

    /** Mistakes of the kinds compilers make. */
    enum Bug {
        /** A stop in front of a delay slot loses that it is one. */
        SLOT_FORGOTTEN_AT_STOP {
            @Override
            void after(Cpu cpu, long before, int pc) {
                cpu.inSlot = false;
            }
        },
        /** A budget is overdrawn when it ends in front of a delay slot. */
        OVERDRAWN_IN_SLOT {
            @Override
            void after(Cpu cpu, long before, int pc) {
                if (cpu.inSlot && cpu.cycles - before > 8) {
                    cpu.retired(1);
                    cpu.pc = cpu.npc;
                    cpu.npc += 4;
                    cpu.inSlot = false;
                }
            }
        },
        /** HI loses its sign in long runs in user mode. */
        HI_SPOILT {
            @Override
            void after(Cpu cpu, long before, int pc) {
                if (cpu.userMode() && cpu.cycles - before > 20) {
                    cpu.gpr[Cpu.HI] &= 0x7fffffff;
                }
            }
        },
        /** Retired instructions are counted twice after a jump to kseg2. */
        COUNTED_TWICE {
            @Override
            void after(Cpu cpu, long before, int pc) {
                if (cpu.pc >>> 28 == 0xc && pc >>> 28 != 0xc && cpu.cycles - before > 1) {
                    cpu.retired(1);
                    cpu.cycles--;
                    cpu.clock--;
                }
            }
        };

        /** Spoils the state after a run. */
        abstract void after(Cpu cpu, long before, int pc);
    }

    private static EngineKit kit(Bug bug) {
        return (pool, maps, code, _) ->
                new EngineKit.Fitted(code, precise -> broken(bug, code, precise));
    }

    private static Engine broken(Bug bug, CodePages code, PreciseStep precise) {
        var sound = new Interpreter(precise, code);
        return cpu -> {
            long before = cpu.cycles;
            int pc = cpu.pc;
            sound.run(cpu);
            bug.after(cpu, before, pc);
        };
    }

    @ParameterizedTest
    @EnumSource(Bug.class)
    void isFoundAndShrunk(Bug bug) {
        EngineKit kit = kit(bug);
        var verifier = new Verifier(kit, 1, Verifier.STARTS);
        Failure failure = null;
        while (failure == null && verifier.executions() < MOST_EXECUTIONS) {
            failure = verifier.next();
        }
        assertThat(failure).as("found").isNotNull();
        Scenario least = Shrinker.shrink(kit, Objects.requireNonNull(failure).scenario());
        assertThat(words(least)).as(() -> VectorText.write(least)).isLessThan(12);
        assertThat(least.starts()).hasSize(1);

        // Written, read and replayed, it fails here and nowhere else.
        String text = VectorText.write(least);
        Scenario read = VectorText.read(text);
        assertThat(VectorText.write(read)).isEqualTo(text);
        assertThat(Replay.explain(kit, read).orElseThrow())
                .contains("states differ in execution 1 after step", "last steps:");
        assertThat(Replay.explain(EngineKit.of(EngineKind.INTERPRETER), read)).isEmpty();
    }

    /** Also where nothing is due that would come late. */
    @Test
    void anEngineThatRunsPastAStopIsFound() {
        EngineKit late =
                (pool, maps, code, _) ->
                        new EngineKit.Fitted(
                                code,
                                precise -> {
                                    var sound = new Interpreter(precise, code);
                                    return cpu -> {
                                        cpu.stopAt++;
                                        sound.run(cpu);
                                    };
                                });
        Scenario counts =
                VectorText.read(
                        """
                        processor MIPS161 big
                        part 0x00002000
                          25080001  # addiu $t0, $t0, 1
                          25080001
                          25080001
                        start 0x80002000 1
                          stop 2 look
                        """);
        assertThat(Replay.explain(late, counts).orElseThrow())
                .contains("  reference step 2, engine step 3\n");
    }

    private static long words(Scenario scenario) {
        return scenario.body().parts().stream()
                .flatMapToInt(part -> Arrays.stream(part.words()))
                .filter(word -> word != 0)
                .count();
    }
}
