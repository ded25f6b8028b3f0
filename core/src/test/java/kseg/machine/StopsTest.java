package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kseg.isa.Assembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A debugger stops a machine where it said, each time, and the guest cannot tell. */
class StopsTest {
    private static final String COMMANDS = "counter;spin A B;q";
    private static final int CODE = 0x80001000;
    private static final int CALLED = 0x80003000;
    private static final int CALLS = 20_000;
    private static final int VECTOR = 0x80000080;

    /** Where the processors are at so many instants of the run. */
    private static Set<Integer> places(MachineSpec spec) {
        Set<Integer> places = new TreeSet<>(Set.of(VECTOR, 0x80000000));
        try (var guest = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS)) {
            Machine machine = guest.machine();
            for (long step = 9_973; places.size() < 12; step += 30_011) {
                if (!(machine.run(RunLimit.atStep(step)) instanceof Exit.Limit)) {
                    break;
                }
                for (int i = 0; i < spec.cpus(); i++) {
                    places.add(machine.cpu(i).pc & ~3);
                }
            }
        }
        return places;
    }

    @ParameterizedTest
    @CsvSource({"1, JIT", "4, INTERPRETER", "4, JIT"})
    void breakpointsChangeNothing(int cpus, EngineKind engine) {
        MachineSpec spec = GuestRig.spec(cpus, 3, 1000);
        Set<Integer> places = places(spec);
        try (var straight = GuestRig.boot(spec, engine, COMMANDS);
                var stopped = GuestRig.boot(spec, engine, COMMANDS)) {
            assertThat(straight.machine().run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            Machine machine = stopped.machine();
            places.forEach(machine.probe().stops()::add);
            Map<Integer, Integer> hits = new HashMap<>();
            Exit exit = machine.run(GuestRig.END);
            while (exit instanceof Exit.Breakpoint(int cpu)) {
                int pc = machine.cpu(cpu).pc;
                assertThat(places).contains(pc);
                if (hits.merge(pc, 1, Integer::sum) == 20) {
                    machine.probe().stops().remove(pc);
                }
                exit = machine.run(GuestRig.END);
            }
            assertThat(exit).isEqualTo(new Exit.PowerOff());
            assertThat(hits).hasSizeGreaterThan(5);
            assertThat(machine.position()).isEqualTo(straight.machine().position());
            assertThat(stopped.console()).isEqualTo(straight.console());
            assertThat(machine.stateHash()).isEqualTo(straight.machine().stateHash());
        }
    }

    /** A loop that calls a function in another page, often enough to be compiled. */
    private static Machine caller(EngineKind engine) {
        var spec = new MachineSpec(1, 1 << 20, false, List.of(), 1, 1000, 0, 0);
        var machine = Machine.create(spec, HostPorts.none(), engine);
        put(
                machine,
                CODE,
                "li $t0, "
                        + CALLS
                        + "\nlui $t1, 0x8000\nori $t1, $t1, 0x3000\n"
                        + "jalr $t1\nnop\naddiu $t0, $t0, -1\nbgtz $t0, "
                        + (CODE + 12)
                        + "\nnop\nwait\n");
        put(machine, CALLED, "addiu $t2, $t2, 1\njr $ra\naddiu $t3, $t3, 1\n");
        machine.cpu(0).start(CODE);
        return machine;
    }

    private static void put(Machine machine, int vaddr, String source) {
        int paddr = vaddr & 0x1fffffff;
        for (int word : Assembler.assemble(source, vaddr)) {
            machine.memory().putWord(paddr, word);
            paddr += 4;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPassStopsOnce(EngineKind engine) {
        try (Machine machine = caller(engine)) {
            machine.run(RunLimit.atStep(CALLS / 2 * 8)); // hot by now
            long passed = machine.cpu(0).gpr[10];
            Stops stops = machine.probe().stops();
            stops.add(CALLED + 8); // a delay slot
            long hits = 0;
            while (machine.run(RunLimit.NONE) instanceof Exit.Breakpoint) {
                assertThat(machine.cpu(0).pc).isEqualTo(CALLED + 8);
                assertThat(machine.cpu(0).gpr[10]).isEqualTo((int) (passed + ++hits));
            }
            assertThat(hits).isBetween(CALLS / 3L, CALLS - 1L).isEqualTo(CALLS - passed);
            assertThat(machine.cpu(0).gpr[11]).isEqualTo(CALLS);
        }
    }

    @Test
    void aCpuIsSteppedAmongOthers() {
        MachineSpec spec = GuestRig.spec(4, 3, 1000);
        try (var straight = GuestRig.boot(spec, EngineKind.JIT, COMMANDS);
                var stepped = GuestRig.boot(spec, EngineKind.JIT, COMMANDS)) {
            straight.machine().run(GuestRig.END);
            Machine machine = stepped.machine();
            machine.run(RunLimit.atStep(300_000));
            for (int i = 0; i < 1_000; i++) {
                int cpu = i / 10 % 4;
                if (machine.cpu(cpu).running()) {
                    long cycles = machine.cpu(cpu).cycles;
                    machine.probe().stops().stepCpu(cpu);
                    assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Breakpoint(cpu));
                    assertThat(machine.cpu(cpu).cycles).isEqualTo(cycles + 1);
                }
            }
            assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(machine.stateHash()).isEqualTo(straight.machine().stateHash());
        }
    }

    @Test
    void aBreakOfTheKernelStopsOnceAndIsAnExceptionThen() {
        try (Machine machine = caller(EngineKind.INTERPRETER)) {
            put(machine, CALLED, "break\n");
            machine.probe().stops().stopAtBreaks(true);
            assertThat(machine.run(RunLimit.NONE)).isEqualTo(new Exit.Breakpoint(0));
            assertThat(machine.cpu(0).pc).isEqualTo(CALLED);
            long cycles = machine.cpu(0).cycles;
            machine.run(RunLimit.atStep(cycles + 1));
            assertThat(machine.cpu(0).pc).isEqualTo(0xbfc00180);
            assertThat(machine.probe().register(0, Probe.CP0 + 14)).isEqualTo(CALLED);
        }
    }

    /** What a debugger writes is in the journal, at interrupted instructions too. */
    @Test
    void whatIsWrittenIsReplayed() {
        MachineSpec spec = GuestRig.spec(2, 3, 1000);
        try (var live = GuestRig.boot(spec, EngineKind.JIT, COMMANDS);
                var replayed = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS)) {
            Machine machine = live.machine();
            Probe probe = machine.probe();
            probe.stops().add(VECTOR);
            for (int i = 0; i < 50; i++) {
                Exit exit = machine.run(RunLimit.NONE);
                int cpu = ((Exit.Breakpoint) exit).cpu();
                probe.setRegister(cpu, 26, i); // $k0
                probe.setRegister(1 - cpu, Probe.CP0 + 8, i); // BadVAddr
                assertThat(probe.poke(cpu, 0x803ff000 - 10, new byte[] {1, 2, (byte) i})).isTrue();
                assertThat(probe.register(cpu, 26)).isEqualTo(i);
                assertThat(probe.peek(cpu, 0x803ff000 - 8)).isEqualTo(i);
            }
            probe.stops().clear();
            assertThat(machine.run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(machine.journal().size()).isEqualTo(150);
            replayed.machine().replay(machine.journal());
            assertThat(replayed.machine().run(GuestRig.END)).isEqualTo(new Exit.PowerOff());
            assertThat(replayed.machine().position()).isEqualTo(machine.position());
            assertThat(replayed.machine().stateHash()).isEqualTo(machine.stateHash());
        }
    }

    @Test
    void lookingIsWithoutEffect() {
        MachineSpec spec = GuestRig.spec(1, 3, 1000);
        try (var guest = GuestRig.boot(spec, EngineKind.INTERPRETER, COMMANDS)) {
            Machine machine = guest.machine();
            machine.run(RunLimit.atStep(300_000));
            long before = machine.stateHash();
            for (int vaddr = 0xbfe00000; vaddr < 0xbfe80000; vaddr++) {
                machine.probe().peek(0, vaddr); // cards: their registers and buffers
            }
            for (int number = 0; number < Probe.CP0 + 16; number++) {
                machine.probe().register(0, number);
            }
            assertThat(machine.probe().peek(0, 0xc0000000)).isNegative();
            assertThat(machine.probe().peek(0, 0xbfc00fff)).isEqualTo(0x0d);
            assertThat(machine.probe().poke(0, 0xbfc00000, new byte[4])).isFalse();
            assertThat(machine.probe().poke(0, 0xbfe00000, new byte[4])).isFalse();
            assertThat(machine.stateHash()).isEqualTo(before);
        }
    }
}
