package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.engine.CompilerSupport;
import kseg.engine.compile.CompilerOptions;
import kseg.isa.Assembler;
import kseg.time.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loops in which processors wait for a timer's interrupt or for another's store, which the compiler
 * skips and the interpreter does not: equal hashes, whatever ends the waiting.
 */
class IdleLoopTest {
    private static final int CODE = 0x80001000;
    private static final int OTHERS_CODE = 0x80003000;
    private static final int GENERAL = 0x80000080;
    private static final int LOOPS = 12;

    /** Cycles from one interrupt to the next, at least. */
    private static final int PERIOD = 5_000;

    /** Prime, so that a run is looked at anywhere in a loop. */
    private static final int LOOK = 2_003;

    /**
     * Words: interrupts so far, set after the tenth, set by the first CPU when it has seen that.
     * And a card whose register 4 is the time of day in nanoseconds.
     */
    private static final String DATA =
            """
            lui $s0, 0x8000
            ori $s0, $s0, 0x2000
            lui $s7, 0xbfe1
            """;

    private static final String HANDLER =
            """
            lw $k0, 0($s0)
            addiu $k0, $k0, 1
            sw $k0, 0($s0)
            slti $k1, $k0, 10
            xori $k1, $k1, 1
            sw $k1, 4($s0)
            li $k1, 5000
            mtc0 $k1, $11
            mfc0 $k1, $14
            jr $k1
            rfe
            """;

    /** The first CPU waits for its interrupts, the others for the first. */
    private static final String FIRST =
            DATA
                    + """
                    li $t0, 0x8001
                    mtc0 $t0, $12
                    li $t0, 5000
                    mtc0 $t0, $11
                    x: %s
                    sw $t1, 8($s0)
                    b .
                    addu $s1, $s1, $zero
                    f: lw $t1, 4($s0)
                    jr $ra
                    nop
                    """;

    private static final String OTHERS =
            DATA
                    + """
                    x: lw $t1, 8($s0)
                    nop
                    beq $t1, $zero, x
                    nop
                    y: addiu $s1, $s1, 1
                    slti $t2, $s1, 2000
                    bne $t2, $zero, y
                    nop
                    j z
                    nop
                    z: j z
                    nop
                    """;

    /** Some of this is what random loops do while they wait. */
    private static final List<String> MENU =
            List.of(
                    "nop",
                    "lw $t2, 8($s0)",
                    "lhu $t3, 2($s0)", // interrupts so far
                    "mult $t3, $t2",
                    "mflo $t4",
                    "sltu $t5, $t4, $t3",
                    "jal f; nop",
                    "bne $t5, $zero, .+12; nop; addu $t6, $t3, $zero",
                    "bne $t3, $zero, .+12; nop; addiu $t7, $t7, 1",
                    "xori $t7, $t7, 1",
                    "mthi $t7",
                    "mfhi $t8",
                    "mfc0 $t8, $9",
                    "ll $t8, 4($s0)",
                    "sw $t6, 16($s0)",
                    "lw $t8, 4($s7)");

    private static Machine machine(int cpus, EngineKind kind, String wait) {
        var clock = List.of(new SlotConfig(1, new DeviceConfig.TimerConfig()));
        var spec = new MachineSpec(cpus, 1 << 16, false, clock, 1, 3000, 0, 0);
        var options = new CompilerOptions(200, false, 3000, 0);
        var machine =
                Machine.create(
                        spec,
                        HostPorts.none(),
                        kind,
                        options,
                        CompilerSupport.none(),
                        HostWorkers.none());
        put(machine, GENERAL, HANDLER);
        put(machine, CODE, FIRST.formatted(wait));
        put(machine, OTHERS_CODE, OTHERS);
        for (int cpu = 0; cpu < cpus; cpu++) {
            machine.cpu(cpu).start(cpu == 0 ? CODE : OTHERS_CODE);
        }
        return machine;
    }

    private static void put(Machine machine, int vaddr, String source) {
        int paddr = vaddr & 0x1fffffff;
        for (int word : Assembler.assemble(source, vaddr)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
    }

    /** Compares both engines at many places; says what part of the steps was skipped. */
    private static double skipped(int cpus, String wait, long steps) {
        try (Machine reference = machine(cpus, EngineKind.INTERPRETER, wait);
                Machine skipping = machine(cpus, EngineKind.JIT, wait)) {
            assertThat(hashes(skipping, steps)).as(wait).isEqualTo(hashes(reference, steps));
            var done = skipping.tiers().orElseThrow().steps();
            assertThat(done.total()).isEqualTo(skipping.position().step());
            return (double) done.skipped() / done.total();
        }
    }

    private static List<Long> hashes(Machine machine, long steps) {
        var hashes = new ArrayList<Long>();
        for (long at = LOOK; at <= steps; at += LOOK) {
            machine.run(RunLimit.atStep(at));
            assertThat(machine.position().step()).isEqualTo(at);
            hashes.add(machine.stateHash());
        }
        return hashes;
    }

    /** Runs loops one after the other, each until the next interrupt. */
    private static double skipped(int cpus, List<String> bodies) {
        var loops = new StringBuilder("li $s2, 0");
        for (int i = 0; i < bodies.size(); i++) {
            String wait = "lw $s3, 0($s0); beq $s3, $s2, l%d; nop; move $s2, $s3".formatted(i);
            loops.append("\n l%d: ".formatted(i)).append(bodies.get(i) + "; " + wait);
        }
        return skipped(cpus, loops + "\n li $t1, 1", bodies.size() * (long) PERIOD * cpus);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void anInterruptOrAnothersStoreEndsTheWaiting(int cpus) {
        var bodies =
                List.of(
                        "nop",
                        "bne $t3, $zero, .+16; nop; lw $t2, 12($s0); nop",
                        "jal f; nop",
                        "lw $t1, 4($s0); mult $t1, $t1; mflo $t2");
        assertThat(skipped(cpus, bodies)).isGreaterThan(0.5);
    }

    /** What looks like waiting, and is not. */
    @Test
    void aLoopThatChangesSomethingIsExecuted() {
        var bodies =
                List.of(
                        "addiu $s1, $s1, 1",
                        "mthi $s1; addiu $s1, $s1, -1; mtlo $s1",
                        "mfhi $t2; xori $t2, $t2, 1; mthi $t2; li $t2, 0", // HI alone
                        "mflo $t2; xori $t2, $t2, 1; mtlo $t2; li $t2, 0",
                        "mfc0 $s4, $9", // COUNT
                        "mfc0 $zero, $9",
                        "sw $t1, 16($s0)",
                        "ll $t2, 4($s0)",
                        "lw $t2, 4($s7)"); // the clock
        assertThat(skipped(1, bodies)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anyLoopsEndInTheSameState(int cpus) {
        var chance = new Generator(cpus, 0);
        var bodies = new ArrayList<String>();
        for (int i = 0; i < LOOPS; i++) {
            var body = new ArrayList<String>();
            for (int length = chance.below(4); length >= 0; length--) {
                body.add(MENU.get(chance.below(MENU.size())));
            }
            bodies.add(String.join("; ", body));
        }
        assertThat(skipped(cpus, bodies)).isBetween(0.05, 0.9);
    }
}
