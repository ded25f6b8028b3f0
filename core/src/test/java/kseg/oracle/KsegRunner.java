package kseg.oracle;

import java.util.List;
import kseg.cpu.Cpu;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.isa.Decoder;
import kseg.isa.Trait;
import kseg.machine.EngineKind;
import kseg.machine.Exit;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import kseg.machine.RunLimit;

/**
 * Runs trials on a machine of ours, in user mode behind the TLB. A few instructions in kseg0 map
 * the trial's pages and enter it; it comes back by the system call at its end or by another
 * exception, and then spins at the vector.
 */
final class KsegRunner implements AutoCloseable {
    private static final int RAM_BYTES = 16 << 20;
    private static final int ENTRY = 0x8000_1000;
    private static final int RECORD_PADDR = 0x80_0000;
    private static final int PAGE = -0x1000;
    private static final int TLB_BITS = 0x700; // dirty, valid, global
    private static final int KSEG0_MASK = 0x1fff_ffff;
    private static final int SYSCALL = 0x0000_000c;

    /** More than any trial takes: it has 48 words and loops of at most five turns. */
    private static final int STEPS = 1_000;

    private static final int R_BADVADDR = 8;
    private static final int R_CAUSE = 13;
    private static final int R_EPC = 14;

    private final Machine machine;

    KsegRunner(EngineKind engine) {
        var spec = new MachineSpec(1, RAM_BYTES, false, List.of(), 1, 10_000, 0, 0);
        machine = Machine.create(spec, HostPorts.none(), engine);
        put(0x8000_0000, Assembler.assemble("b .; nop", 0x8000_0000));
        put(0x8000_0080, Assembler.assemble("b .; nop", 0x8000_0080));
    }

    /** What becomes of a trial. */
    Outcome run(Trial trial) {
        int paddr = RECORD_PADDR + trial.recordVaddr() - Trial.RECORDS;
        put(trial.start(), trial.words().stream().mapToInt(word -> word).toArray());
        put(trial.end(), new int[] {SYSCALL});
        put(paddr + Trial.SCRATCH_OFFSET, trial.scratch());

        Cpu cpu = machine.cpu(0);
        int[] stub = Assembler.assemble(enter(trial, paddr), ENTRY);
        put(ENTRY, stub);
        cpu.start(ENTRY);
        step(stub.length);
        if (!cpu.userMode() || cpu.pc != trial.start()) {
            throw new IllegalStateException("not in the trial, but at %08x".formatted(cpu.pc));
        }
        System.arraycopy(trial.gpr(), 0, cpu.gpr, 0, 32);
        cpu.gpr[Cpu.HI] = trial.hi();
        cpu.gpr[Cpu.LO] = trial.lo();
        step(STEPS);
        return outcome(trial, cpu, paddr);
    }

    private void step(int steps) {
        Exit exit = machine.run(RunLimit.atStep(machine.position().step() + steps));
        if (!(exit instanceof Exit.Limit)) {
            throw new IllegalStateException(exit.toString());
        }
    }

    private static String enter(Trial trial, int recordPaddr) {
        int nextPage = trial.start() - PAGE;
        return map(trial.start() >>> 12 & 1, trial.start(), trial.start())
                + map(nextPage >>> 12 & 1, nextPage, nextPage)
                + map(2, trial.recordVaddr(), recordPaddr)
                + "li $t0, 0; ori $t0, $t0, 0x8; mtc0 $t0, $12\n" // previous mode: user
                + "la $t0, 0x%x; jr $t0; rfe\n".formatted(trial.start());
    }

    private static String map(int index, int vaddr, int paddr) {
        return "la $t0, 0x%x; mtc0 $t0, $10\n".formatted(vaddr & PAGE)
                + "la $t0, 0x%x; mtc0 $t0, $2\n".formatted(paddr & PAGE | TLB_BITS)
                + "la $t0, 0x%x; mtc0 $t0, $0; tlbwi\n".formatted(index << 8);
    }

    private Outcome outcome(Trial trial, Cpu cpu, int recordPaddr) {
        int cause = cpu.cp0().read(R_CAUSE, 0);
        int epc = cpu.cp0().read(R_EPC, 0);
        if (cpu.userMode()) {
            throw new IllegalStateException("still running at %08x\n%s".formatted(cpu.pc, trial));
        }
        boolean ended = epc == trial.end();
        if ((cause < 0) != isBranch(trial, epc)) {
            throw new IllegalStateException(
                    "Cause %08x, but at EPC is: %08x\n%s".formatted(cause, epc, trial));
        }
        int[] gpr = new int[32];
        System.arraycopy(cpu.gpr, 0, gpr, 0, 32);
        int[] scratch = new int[Trial.SCRATCH_WORDS];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = machine.memory().word(recordPaddr + Trial.SCRATCH_OFFSET + 4 * i);
        }
        int badVaddr = cpu.cp0().read(R_BADVADDR, 0);
        int signal = ended ? 0 : signal(cause >>> 2 & 31, badVaddr);
        return new Outcome(
                signal, badVaddr, ended ? 0 : epc, gpr, cpu.gpr[Cpu.HI], cpu.gpr[Cpu.LO], scratch);
    }

    /** EPC is at a branch exactly when the exception was in its delay slot: BD. */
    private static boolean isBranch(Trial trial, int epc) {
        int index = epc - trial.start() >> 2;
        List<Integer> words = trial.words();
        return index >= 0
                && index < words.size()
                && Decoder.of(CpuModel.MIPS161).decode(words.get(index)).has(Trait.DELAY_SLOT);
    }

    /** What Linux makes of an exception; R3000 manual, Cause register. */
    private static int signal(int code, int badVaddr) {
        return switch (code) {
            case 1, 2, 3 -> Outcome.SIGSEGV; // TLB modification and misses
            case 4, 5 -> // address errors; qemu-mips has no kernel segments, only unmapped pages
                    badVaddr < 0 ? Outcome.SIGSEGV : Outcome.SIGBUS;
            case 9 -> Outcome.SIGTRAP; // breakpoint
            case 10, 11 -> Outcome.SIGILL; // reserved instruction, coprocessor unusable
            case 12 -> Outcome.SIGFPE; // overflow
            default -> throw new IllegalStateException("exception " + code);
        };
    }

    private void put(int vaddr, int[] words) {
        for (int i = 0; i < words.length; i++) {
            machine.memory().putWord((vaddr & KSEG0_MASK) + 4 * i, words[i]);
        }
    }

    @Override
    public void close() {
        machine.close();
    }
}
