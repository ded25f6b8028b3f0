package kseg.oracle;

import static java.util.stream.Collectors.joining;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kseg.isa.Assembler;

/**
 * Builds a static big-endian MIPS Linux program that runs trials one after the other and writes
 * their records to standard output.
 *
 * <p>A record holds, on the way in, the initial registers, and on the way out the final ones; its
 * words are: signal, epc, where to go on after a signal, si_addr, 32 registers, HI, LO, and from
 * {@link Trial#SCRATCH_OFFSET} the scratch memory. The signal handler copies the registers from the
 * signal frame to the record at $k0 and goes on with the next trial; it never returns, so it runs
 * on an alternate stack and blocks no signal.
 */
final class UserElf {
    static final int SIGNAL = 0;
    static final int EPC = 4;
    static final int RESUME = 8;
    static final int ADDRESS = 12;
    static final int GPR = 16;
    static final int HI = GPR + 32 * 4;
    static final int LO = HI + 4;

    private static final int TEXT = 0x0040_0000;
    private static final int RUNTIME = TEXT + 0x1000;
    private static final int FINISH = RUNTIME + 8;
    private static final int PAGE_BYTES = 0x1_0000;

    /** Where no trial's $sp points, or its signal frame would go there and not to the top. */
    private static final int STACK = 0x5a5a_0000;

    private static final int STACK_BYTES = 0x1_0000;

    /** Offset of si_addr in siginfo. */
    private static final int INFO_ADDRESS = 12;

    // Offsets in the signal frame of ucontext's machine context: low halves of 64-bit registers
    private static final int CONTEXT = 24;
    private static final int CONTEXT_PC = CONTEXT + 8 + 4;
    private static final int CONTEXT_GPR = CONTEXT + 16 + 4;
    private static final int CONTEXT_HI = CONTEXT + 552 + 4;
    private static final int CONTEXT_LO = CONTEXT + 560 + 4;

    private UserElf() {}

    /** The bytes of the executable file. The trials' slots ascend. */
    static byte[] build(List<Trial> trials) {
        int slots = trials.getLast().slot() + 1;
        int recordBytes = recordBytes(trials);
        int textBytes = Trial.CODE - TEXT + slots * Trial.CODE_STRIDE;
        int recordOffset = textBytes + PAGE_BYTES - 1 & -PAGE_BYTES;
        ByteBuffer file = ByteBuffer.allocate(recordOffset + recordBytes);
        writeHeader(file, textBytes, recordOffset, recordBytes);
        put(file, RUNTIME - TEXT, Assembler.assemble(runtime(trials), RUNTIME));
        for (int i = 0; i < trials.size(); i++) {
            Trial trial = trials.get(i);
            int next = i + 1 < trials.size() ? trials.get(i + 1).slotVaddr() : FINISH;
            put(file, trial.slotVaddr() - TEXT, Assembler.assemble(prologue(trial), 0));
            put(file, trial.start() - TEXT, trial.words().stream().mapToInt(w -> w).toArray());
            put(file, trial.end() - TEXT, Assembler.assemble(epilogue(next), trial.end()));
            writeRecord(file, recordOffset, trial, next);
        }
        return file.array();
    }

    /** The number of bytes that the program writes. */
    static int recordBytes(List<Trial> trials) {
        return (trials.getLast().slot() + 1) * Trial.RECORD_STRIDE;
    }

    private static String runtime(List<Trial> trials) {
        int recordBytes = recordBytes(trials);
        String head =
                """
                        j setup
                        nop
                finish: li $a0, 1
                        li $a1, 0x%x
                        li $a2, 0x%x
                        li $v0, 4004              # write
                        syscall
                        move $a0, $zero
                        li $v0, 4246              # exit_group
                        syscall
                stack:  .word 0x%x, 0x%x, 0
                action: .word 0x48000008, handler # SA_ONSTACK, SA_NODEFER, SA_SIGINFO
                        .space 20
                setup:  la $a0, stack
                        move $a1, $zero
                        li $v0, 4206              # sigaltstack
                        syscall
                """
                        .formatted(Trial.RECORDS, recordBytes, STACK, STACK_BYTES);
        String sigactions =
                Stream.of(
                                Outcome.SIGILL,
                                Outcome.SIGTRAP,
                                Outcome.SIGFPE,
                                Outcome.SIGBUS,
                                Outcome.SIGSEGV)
                        .map(signal ->
                                """
                                li $a0, %d
                                la $a1, action
                                move $a2, $zero
                                li $a3, 16
                                li $v0, 4194      # rt_sigaction
                                syscall
                                """
                                        .formatted(signal))
                        .collect(joining());
        String start = "j 0x%x; nop\n".formatted(trials.getFirst().slotVaddr());
        return head + sigactions + start + handler();
    }

    /**
     * Called with the signal in $a0, siginfo in $a1, the context in $a2, and $k0 as the trial left
     * it.
     */
    private static String handler() {
        String registers =
                IntStream.range(1, 32)
                        .mapToObj(i -> copy(CONTEXT_GPR + 8 * i, GPR + 4 * i))
                        .collect(joining());
        return "handler: sw $a0, %d($k0)\n".formatted(SIGNAL)
                + "lw $t0, %d($a1); nop; sw $t0, %d($k0)\n".formatted(INFO_ADDRESS, ADDRESS)
                + copy(CONTEXT_PC, EPC)
                + registers
                + copy(CONTEXT_HI, HI)
                + copy(CONTEXT_LO, LO)
                + "lw $t0, %d($k0); nop; jr $t0; nop\n".formatted(RESUME);
    }

    private static String copy(int from, int to) {
        return "lw $t0, %d($a2); nop; sw $t0, %d($k0)\n".formatted(from, to);
    }

    private static String prologue(Trial trial) {
        return "lui $k0, 0x%x; ori $k0, $k0, 0x%x\n"
                        .formatted(trial.recordVaddr() >>> 16, trial.recordVaddr() & 0xffff)
                + "lw $1, %d($k0); nop; mthi $1\n".formatted(HI)
                + "lw $1, %d($k0); nop; mtlo $1\n".formatted(LO)
                + eachRegister("lw");
    }

    private static String epilogue(int next) {
        return eachRegister("sw")
                + "mfhi $1; sw $1, %d($k0)\n".formatted(HI)
                + "mflo $1; sw $1, %d($k0)\n".formatted(LO)
                + "j 0x%x; nop\n".formatted(next);
    }

    private static String eachRegister(String mnemonic) {
        return IntStream.range(1, 32)
                .filter(i -> i != Trial.K0)
                .mapToObj(i -> "%s $%d, %d($k0)\n".formatted(mnemonic, i, GPR + 4 * i))
                .collect(joining());
    }

    private static void writeRecord(ByteBuffer file, int offset, Trial trial, int next) {
        int record = offset + trial.slot() * Trial.RECORD_STRIDE;
        file.putInt(record + RESUME, next);
        put(file, record + GPR, trial.gpr());
        file.putInt(record + HI, trial.hi());
        file.putInt(record + LO, trial.lo());
        put(file, record + Trial.SCRATCH_OFFSET, trial.scratch());
    }

    private static void put(ByteBuffer file, int offset, int[] words) {
        for (int i = 0; i < words.length; i++) {
            file.putInt(offset + 4 * i, words[i]);
        }
    }

    private static void writeHeader(
            ByteBuffer file, int textBytes, int recordOffset, int recordBytes) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 2).putShort((short) 8).putInt(1); // executable, MIPS
        file.putInt(RUNTIME).putInt(52).putInt(0).putInt(0x1000); // entry, headers, o32
        file.putShort((short) 52).putShort((short) 32).putShort((short) 3);
        file.putShort((short) 40).putShort((short) 0).putShort((short) 0);
        writeSegment(file, 0, TEXT, textBytes, textBytes, 5);
        writeSegment(file, recordOffset, Trial.RECORDS, recordBytes, recordBytes, 6);
        writeSegment(file, 0, STACK, 0, STACK_BYTES, 6);
    }

    private static void writeSegment(
            ByteBuffer file, int offset, int vaddr, int fileBytes, int memoryBytes, int flags) {
        file.putInt(1).putInt(offset).putInt(vaddr).putInt(vaddr);
        file.putInt(fileBytes).putInt(memoryBytes).putInt(flags).putInt(PAGE_BYTES);
    }
}
