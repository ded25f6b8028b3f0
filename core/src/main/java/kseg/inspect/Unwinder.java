package kseg.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kseg.cpu.Cpu;
import kseg.image.CallFrame;
import kseg.image.CallFrames;
import kseg.image.ElfImage;
import kseg.image.Symbol;
import kseg.inspect.CallChain.Frame;
import kseg.inspect.CallChain.Kind;
import kseg.isa.CpuModel;
import kseg.isa.Decoder;
import kseg.isa.Insn;
import kseg.isa.Trait;
import kseg.machine.Machine;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who called whom: by the image's call frame information where it has some, by scanning
 * the code otherwise. Follows the kernel through its own exceptions. Where nothing tells, it stops
 * and says so; it does not guess.
 */
public final class Unwinder {
    private static final int MOST_FRAMES = 64;

    /** A function without a symbol is looked for this far back. */
    private static final int MOST_INSTRUCTIONS = 4096;

    private static final int CALL_BYTES = 8;
    private static final int C0_STATUS = 12;
    private static final int C0_EPC = 14;
    private static final int STATUS_KUP = 0x8;
    private static final int VECTORS = 0x80000000;
    private static final int VECTOR_BYTES = 0x100;
    private static final int ROM = 0xbfc00000;
    private static final int ROM_BYTES = 0x1000;

    private static final Decoder DECODER = Decoder.of(CpuModel.MIPS161);

    private final Machine machine;
    private final ElfImage image;
    private final CallFrames frames;

    public Unwinder(Machine machine, ElfImage image) {
        this.machine = machine;
        this.image = image;
        frames = image.callFrames();
    }

    /** The chain of a processor as it stands. */
    public CallChain of(Cpu cpu) {
        return new Walk(cpu).chain();
    }

    /** Whether an address is in code of the image. */
    private boolean isCode(int pc) {
        for (ElfImage.Segment segment : image.segments()) {
            if (segment.loadable() && segment.executable() && segment.covers(pc)) {
                return (pc & 3) == 0;
            }
        }
        return false;
    }

    /** One chain in the making. */
    private final class Walk {
        private final Cpu cpu;
        private final GuestMemory memory;
        private final List<Frame> found = new ArrayList<>();

        // The registers of the function looked at.
        private int[] registers;
        private int pc;

        /** Whether that function called nobody: it is the innermost, or was interrupted. */
        private boolean innermost = true;

        Walk(Cpu cpu) {
            this.cpu = cpu;
            memory = new GuestMemory(machine, cpu);
            registers = cpu.gpr.clone();
            pc = cpu.pc;
        }

        CallChain chain() {
            found.add(new Frame(pc, cpu.userMode() ? Kind.USER : Kind.HERE));
            if (cpu.userMode()) {
                return new CallChain(found, "");
            }
            if (isInVector()) {
                interrupted(cpu.cp0().read(C0_EPC, 0), cpu.cp0().read(C0_STATUS, 0));
            }
            String end = null;
            while (end == null) {
                end =
                        found.getLast().kind() == Kind.USER
                                ? ""
                                : found.size() == MOST_FRAMES ? "there are more" : step();
            }
            return new CallChain(found, end);
        }

        /** In the first instructions of a handler, nothing has been saved yet. */
        private boolean isInVector() {
            boolean anyException = cpu.counters().exceptions() + cpu.counters().interrupts() > 0;
            return anyException
                    && (Integer.compareUnsigned(pc - ROM, ROM_BYTES) < 0
                            || Integer.compareUnsigned(pc - VECTORS, VECTOR_BYTES) < 0);
        }

        private void interrupted(int at, int status) {
            pc = at;
            innermost = true;
            boolean user = (status & STATUS_KUP) != 0;
            found.add(new Frame(pc, user ? Kind.USER : Kind.INTERRUPTED));
        }

        private void called(int returnAddress) {
            pc = returnAddress - CALL_BYTES;
            innermost = false;
            found.add(new Frame(pc, Kind.CALL));
        }

        /** Goes to the caller; answers why there is none, or null to go on. */
        private @Nullable String step() {
            if (!isCode(pc)) {
                return outside();
            }
            Optional<CallFrame> frame = frames.at(pc);
            return frame.isPresent() ? byFrame(frame.get()) : byScan();
        }

        /** A call through a bad pointer leaves a good return address behind. */
        private @Nullable String outside() {
            int returnAddress = registers[FrameScan.RA];
            if (innermost && isCode(returnAddress - CALL_BYTES)) {
                called(returnAddress);
                return null;
            }
            return "this is not the kernel's code";
        }

        private @Nullable String byFrame(CallFrame frame) {
            if (!frame.cfaKnown()) {
                return "its frame is not described";
            }
            int cfa = registers[frame.cfaRegister()] + frame.cfaOffset();
            int[] caller = registers.clone();
            for (int i = 1; i < FrameScan.RA + 1; i++) {
                switch (frame.rule(i)) {
                    case SAVED -> {
                        OptionalInt word = memory.word(cfa + frame.offset(i));
                        if (word.isEmpty()) {
                            return "the stack cannot be read";
                        }
                        caller[i] = word.getAsInt();
                    }
                    case CFA_PLUS -> caller[i] = cfa + frame.offset(i);
                    case MOVED -> caller[i] = registers[frame.offset(i)];
                    case SAME, UNDEFINED, EXPRESSION -> {}
                }
            }
            if (frame.rule(FrameScan.SP) == CallFrame.Rule.SAME) {
                caller[FrameScan.SP] = cfa;
            }
            CallFrame.Rule rule = frame.rule(frame.returnRegister());
            if (rule == CallFrame.Rule.UNDEFINED) {
                return "";
            }
            if (rule == CallFrame.Rule.EXPRESSION) {
                return "its return address is not described";
            }
            boolean kept = rule == CallFrame.Rule.SAME;
            return leave(caller, caller[frame.returnRegister()], kept, frame.signal());
        }

        private @Nullable String byScan() {
            OptionalInt start = start();
            if (start.isEmpty()) {
                return "where this function starts is not known";
            }
            FrameScan scan = FrameScan.of(memory, start.getAsInt(), pc);
            int[] caller = registers.clone();
            for (int i = 1; i < FrameScan.RA + 1; i++) {
                OptionalInt place = scan.saved(i, registers);
                OptionalInt word = place.isEmpty() ? place : memory.word(place.getAsInt());
                if (place.isPresent() && word.isEmpty()) {
                    return "the stack cannot be read";
                }
                caller[i] = word.orElse(caller[i]);
            }
            if (scan.handlesExceptions()) {
                OptionalInt epc = read(scan.savedEpc(registers));
                OptionalInt status = read(scan.savedStatus(registers));
                if (epc.isEmpty()) {
                    return "the stack cannot be read";
                }
                registers = caller;
                interrupted(epc.getAsInt(), status.orElse(0));
                return null;
            }
            boolean kept = scan.isLeaf();
            if (kept && !(innermost && scan.hasReturnAddress())) {
                return ""; // it never saved where to return: the outermost function
            }
            OptionalInt stack = scan.callerStack(registers);
            if (stack.isEmpty()) {
                return ""; // it has left its caller's stack for another: the start of a kernel
            }
            caller[FrameScan.SP] = stack.getAsInt();
            return leave(caller, caller[FrameScan.RA], kept, false);
        }

        private OptionalInt read(OptionalInt place) {
            return place.isEmpty() ? place : memory.word(place.getAsInt());
        }

        /**
         * Goes on in the caller.
         *
         * @param kept whether the return address was never saved, but is in its register
         */
        private @Nullable String leave(
                int[] caller, int returnAddress, boolean kept, boolean signal) {
            int stackBefore = registers[FrameScan.SP];
            registers = caller;
            if (signal) {
                interrupted(returnAddress, statusOf(returnAddress));
                return null;
            }
            if (returnAddress == 0) {
                return "";
            }
            if (kept && !innermost) {
                return "";
            }
            if (Integer.compareUnsigned(caller[FrameScan.SP], stackBefore) < 0) {
                return "the stack leads nowhere";
            }
            if (start().equals(OptionalInt.of(returnAddress))) {
                return ""; // a thread begins by "returning" to where it is to start
            }
            if (!isCode(returnAddress - CALL_BYTES) || !isCall(returnAddress - CALL_BYTES)) {
                return "it would return to 0x%08x, behind no call".formatted(returnAddress);
            }
            called(returnAddress);
            return null;
        }

        private boolean isCall(int vaddr) {
            OptionalInt word = memory.word(vaddr);
            Insn insn = word.isEmpty() ? Insn.RESERVED : DECODER.decode(word.getAsInt());
            return insn.has(Trait.LINK);
        }

        /** Call frame information does not say where Status is: addresses tell as well. */
        private int statusOf(int address) {
            return address >= 0 ? STATUS_KUP : 0;
        }

        /** Where the function at pc starts: at its symbol, or behind the return before it. */
        private OptionalInt start() {
            Optional<Symbol> symbol = image.symbols().below(pc);
            if (symbol.isPresent()) {
                int start = symbol.get().vaddr();
                boolean near = Integer.compareUnsigned(pc - start, 4 * MOST_INSTRUCTIONS) < 0;
                return near && (start & 3) == 0 && isCode(start)
                        ? OptionalInt.of(start)
                        : OptionalInt.empty();
            }
            int jrRa = 0x03e00008;
            for (int at = pc - 8; pc - at < 4 * MOST_INSTRUCTIONS; at -= 4) {
                OptionalInt word = memory.word(at);
                if (word.isEmpty() || word.getAsInt() == jrRa) {
                    return OptionalInt.of(word.isEmpty() ? at + 4 : at + 8);
                }
            }
            return OptionalInt.empty();
        }
    }
}
