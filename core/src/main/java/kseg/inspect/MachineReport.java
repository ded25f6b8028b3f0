package kseg.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kseg.cpu.Cpu;
import kseg.cpu.CpuCounters;
import kseg.cpu.Exc;
import kseg.image.ElfImage;
import kseg.image.SymbolTable;
import kseg.inspect.CallChain.Frame;
import kseg.machine.Machine;
import kseg.machine.MachineDump;

/**
 * Says in words where a machine stands: of each processor what it does, its last exception, who
 * called whom, and its registers. One format, whoever asks. Symbols and lines are those of the
 * image that was booted; addresses in user mode stay numbers, because nobody says which program
 * runs there.
 */
public final class MachineReport {
    private static final int C0_BADVADDR = 8;
    private static final int C0_STATUS = 12;
    private static final int C0_CAUSE = 13;
    private static final int C0_EPC = 14;
    private static final int CAUSE_CODE = 0x7c;
    private static final int STATUS_KUP = 0x8;

    private final Machine machine;
    private final SymbolTable symbols;
    private final Unwinder unwinder;
    private final ElfImage image;

    /**
     * @param image what the machine was booted with
     */
    public MachineReport(Machine machine, ElfImage image) {
        this.machine = machine;
        this.image = image;
        symbols = image.symbols();
        unwinder = new Unwinder(machine, image);
    }

    /** An address with its symbol and source line, as far as they are known. */
    public String where(int vaddr) {
        String name =
                isInImage(vaddr)
                        ? symbols.describe(vaddr).map(symbol -> " in " + symbol).orElse("")
                        : "";
        String line = image.lines().at(vaddr).map(source -> " (" + source + ")").orElse("");
        return "0x%08x%s%s".formatted(vaddr, name, line);
    }

    private boolean isInImage(int vaddr) {
        for (ElfImage.Segment segment : image.segments()) {
            long offset = Integer.toUnsignedLong(vaddr - segment.vaddr());
            if (segment.loadable() && offset < segment.memoryBytes()) {
                return true;
            }
        }
        return false;
    }

    /** A line for each processor that is enabled; those that wait in the same place share one. */
    public List<String> brief() {
        List<String> text = new ArrayList<>();
        for (Group group : groups(cpu -> List.of(place(cpu)))) {
            text.add("  " + group.name() + " at " + group.entry.getFirst());
        }
        return text;
    }

    private String place(Cpu cpu) {
        String how = cpu.waiting ? ", waiting" : cpu.userMode() ? ", user mode" : "";
        return where(cpu.pc) + how;
    }

    /** Everything. Processors that wait in the same place share an entry, without registers. */
    public List<String> full() {
        List<String> text = new ArrayList<>();
        for (Group group : groups(this::entry)) {
            text.add(group.name() + ": " + group.entry.getFirst());
            text.addAll(group.entry.subList(1, group.entry.size()));
        }
        if (!image.lines().fault().isEmpty()) {
            text.add("no source lines, or not all: " + image.lines().fault());
        }
        return text;
    }

    /** Neighbours of which the same can be said. */
    private record Group(int first, int last, boolean waiting, List<String> entry) {
        String name() {
            return first == last ? "cpu" + first : "cpu%d to cpu%d".formatted(first, last);
        }
    }

    private List<Group> groups(Function<Cpu, List<String>> describe) {
        List<Group> groups = new ArrayList<>();
        for (Cpu cpu : enabled()) {
            List<String> entry = describe.apply(cpu);
            Group last = groups.isEmpty() ? null : groups.getLast();
            int first = cpu.index();
            if (last != null && last.waiting && cpu.waiting && entry.equals(last.entry)) {
                first = groups.removeLast().first;
            }
            groups.add(new Group(first, cpu.index(), cpu.waiting, entry));
        }
        return groups;
    }

    private List<Cpu> enabled() {
        List<Cpu> cpus = new ArrayList<>();
        for (int i = 0; i < machine.spec().cpus(); i++) {
            if (machine.cpu(i).enabled) {
                cpus.add(machine.cpu(i));
            }
        }
        return cpus;
    }

    private List<String> entry(Cpu cpu) {
        boolean interrupts = (cpu.cp0().read(C0_STATUS, 0) & Cpu.STATUS_IEC) != 0;
        List<String> text = new ArrayList<>();
        text.add(
                "%s mode, interrupts %s%s"
                        .formatted(
                                cpu.userMode() ? "user" : "kernel",
                                interrupts ? "on" : "off",
                                cpu.waiting ? ", waiting for an interrupt" : ""));
        text.addAll(chain(cpu));
        if (!cpu.waiting) {
            CpuCounters counters = cpu.counters();
            if (counters.exceptions() + counters.interrupts() > 0) {
                text.add("  last exception: " + exception(cpu));
            }
            text.addAll(MachineDump.registers(cpu));
        }
        return text;
    }

    /** Who called whom on a processor, a line each. */
    public List<String> chain(Cpu cpu) {
        CallChain chain = unwinder.of(cpu);
        List<String> text = new ArrayList<>();
        for (Frame frame : chain.frames()) {
            String what =
                    switch (frame.kind()) {
                        case HERE -> "at ";
                        case CALL -> "called at ";
                        case INTERRUPTED -> "exception at ";
                        case USER -> "user mode at ";
                    };
            boolean user = frame.kind() == CallChain.Kind.USER;
            String place = user ? "0x%08x".formatted(frame.pc()) : where(frame.pc());
            text.add("  #%d %s%s".formatted(text.size(), what, place));
        }
        if (!chain.end().isEmpty()) {
            text.add("  #%d ? (%s)".formatted(text.size(), chain.end()));
        }
        return text;
    }

    /** Whether the last exception of a processor was an error of the kernel itself. */
    public boolean hasKernelFault(Cpu cpu) {
        boolean error =
                switch (lastException(cpu)) {
                    case MOD, TLBL, TLBS, ADEL, ADES, IBE, DBE, RI, CPU, OV -> true;
                    case INTERRUPT, SYSCALL, BREAKPOINT -> false;
                };
        return error && cpu.counters().exceptions() > 0 && cpu.cp0().read(C0_EPC, 0) < 0;
    }

    private static Exc lastException(Cpu cpu) {
        return Exc.values()[(cpu.cp0().read(C0_CAUSE, 0) & CAUSE_CODE) >>> 2];
    }

    /** The exception, or interrupt, that a processor took last, in words. */
    public String exception(Cpu cpu) {
        Exc exc = lastException(cpu);
        int epc = cpu.cp0().read(C0_EPC, 0);
        int vaddr = cpu.cp0().read(C0_BADVADDR, 0);
        String at =
                switch (exc) {
                    case MOD, TLBL, TLBS, ADEL, ADES -> " of 0x%08x".formatted(vaddr);
                    default -> "";
                };
        boolean fromUser = epc >= 0 && (cpu.cp0().read(C0_STATUS, 0) & STATUS_KUP) != 0;
        String place = fromUser ? "0x%08x, user mode".formatted(epc) : where(epc);
        return name(exc, vaddr == epc) + at + ", at " + place;
    }

    private static String name(Exc exc, boolean fetch) {
        return switch (exc) {
            case INTERRUPT -> "interrupt";
            case MOD -> "store to a page that may not be written";
            case TLBL -> fetch ? "TLB miss on a fetch" : "TLB miss on a load";
            case TLBS -> "TLB miss on a store";
            case ADEL -> fetch ? "address error on a fetch" : "address error on a load";
            case ADES -> "address error on a store";
            case IBE -> "bus error on a fetch";
            case DBE -> "bus error on a load or store";
            case SYSCALL -> "system call";
            case BREAKPOINT -> "breakpoint";
            case RI -> "reserved instruction";
            case CPU -> "coprocessor unusable";
            case OV -> "arithmetic overflow";
        };
    }
}
