package kseg.debug;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import kseg.cpu.Cpu;
import kseg.machine.Machine;
import kseg.machine.Probe;
import kseg.machine.Stops;
import org.jspecify.annotations.Nullable;

/**
 * The end of gdb's remote protocol at which the machine is, for one client from connection to
 * disconnection. The machine stands still when the client comes. A thread is a CPU; its number is
 * System/161's, the CPU's plus 10.
 *
 * <p>The client's {@link #wish} says what the machine's owner has to do. Where the machine stops
 * while it runs on behalf of the client, {@link #stopped} tells the client.
 */
public final class GdbStub {
    /** What the client wants of the machine. */
    public enum Wish {
        /** It stands still and is looked at. */
        STAY,
        /** It runs until it stops or the client interrupts. */
        RUN,
        /** It runs on without the client. */
        LEAVE,
        /** It is not wanted any more. */
        KILL
    }

    /** Signals as gdb counts them. */
    public static final int SIGINT = 2;

    public static final int SIGTRAP = 5;

    private static final int FIRST_THREAD = 10;
    private static final int NO_THREAD = -1;
    private static final int MOST_BREAKPOINTS = 1000;

    /** As many bytes of memory as fit a packet in hex. */
    private static final int MOST_MEMORY = Packets.MOST_BYTES / 2;

    private static final String OK = "OK";
    private static final String UNSUPPORTED = "";
    private static final String MALFORMED = "E01";
    private static final String NO_SUCH_THREAD = "E02";
    private static final String NO_SUCH_MEMORY = "E03";
    private static final String NO_SUCH_REGISTER = "E04";
    private static final String RUNNING = "E05";
    private static final String TOO_MANY = "E06";
    private static final String TOO_LONG = "E07";
    private static final String REPLAYING = "E08";

    private static final HexFormat HEX = HexFormat.of();

    private final Machine machine;
    private final Probe probe;
    private final Packets packets = new Packets();
    private Wish wish = Wish.STAY;
    private boolean interrupting;

    /** The CPU that the client looks at, and the one it wants to step if that is another. */
    private int selected;

    private int stepped = NO_THREAD;
    private int signal = SIGTRAP;

    /**
     * @param cpu that has stopped, which the client sees first
     */
    public GdbStub(Machine machine, int cpu) {
        this.machine = machine;
        probe = machine.probe();
        selected = cpu;
        probe.stops().stopAtBreaks(true);
    }

    /** What the client wants now. */
    public Wish wish() {
        return wish;
    }

    /** Whether the client has interrupted the running machine, which has yet to stop. */
    public boolean interrupting() {
        return interrupting;
    }

    /** Takes what the client has sent; answers what to send back. */
    public byte[] received(byte[] bytes) {
        StringBuilder replies = new StringBuilder();
        for (byte received : bytes) {
            switch (packets.take(received)) {
                case NONE -> {}
                case INTERRUPT -> interrupting = wish == Wish.RUN;
                case DAMAGED -> replies.append('-');
                case TOO_LONG -> replies.append('+').append(Packets.framed(TOO_LONG));
                case PACKET -> {
                    replies.append('+');
                    String reply = wish == Wish.STAY ? answer(packets.packet()) : RUNNING;
                    if (reply != null) {
                        replies.append(Packets.framed(reply));
                    }
                }
            }
        }
        return replies.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The machine has stopped, on behalf of this CPU; answers what to send, if the client waits for
     * it.
     */
    public byte[] stopped(int cpu, int withSignal) {
        boolean awaited = wish == Wish.RUN;
        wish = Wish.STAY;
        interrupting = false;
        selected = cpu;
        stepped = NO_THREAD;
        signal = withSignal;
        probe.stops().stepCpu(Stops.NOBODY);
        String reply = awaited ? Packets.framed(stopReply()) : "";
        return reply.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The machine's run has ended with this exit code; answers what to send. */
    public byte[] exited(int code) {
        String reply = wish == Wish.RUN ? Packets.framed("W%02x".formatted(code & 0xff)) : "";
        return reply.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The client is gone: the machine stops nowhere any more. */
    public void disconnected() {
        probe.stops().clear();
    }

    /** The reply to a packet; null if there is to be none yet. */
    private @Nullable String answer(String packet) {
        char command = packet.isEmpty() ? 0 : packet.charAt(0);
        String rest = packet.isEmpty() ? "" : packet.substring(1);
        return switch (command) {
            case '?' -> stopReply();
            case 'g' -> registers();
            case 'P' -> writeRegister(rest);
            case 'p' -> register(rest);
            case 'm' -> readMemory(rest);
            case 'M' -> writeMemory(rest);
            case 'Z' -> breakpoint(rest, true);
            case 'z' -> breakpoint(rest, false);
            case 'c' -> go(rest, false);
            case 's' -> go(rest, true);
            case 'C' -> go(behindSignal(rest), false);
            case 'S' -> go(behindSignal(rest), true);
            case 'H' -> select(rest);
            case 'T' -> {
                int cpu = cpu(rest);
                yield cpu == NO_THREAD ? NO_SUCH_THREAD : OK;
            }
            case 'D' -> {
                wish = Wish.LEAVE;
                yield OK;
            }
            case 'k' -> {
                wish = Wish.KILL;
                yield null;
            }
            case 'q' -> query(rest);
            default -> UNSUPPORTED;
        };
    }

    private String stopReply() {
        return "T%02xthread:%x;".formatted(signal, selected + FIRST_THREAD);
    }

    private String query(String query) {
        int colon = query.indexOf(':');
        int comma = query.indexOf(',');
        int end = colon >= 0 ? colon : comma >= 0 ? comma : query.length();
        return switch (query.substring(0, end)) {
            case "Supported" -> "PacketSize=%x".formatted(Packets.MOST_BYTES);
            case "Attached" -> "1";
            case "C" -> "QC%x".formatted(selected + FIRST_THREAD);
            case "fThreadInfo" -> threads();
            case "sThreadInfo" -> "l";
            case "ThreadExtraInfo" -> describe(query.substring(Math.min(end + 1, query.length())));
            default -> UNSUPPORTED;
        };
    }

    // Threads

    private String threads() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < machine.spec().cpus(); i++) {
            if (machine.cpu(i).enabled) {
                list.append(list.isEmpty() ? "m" : ",").append("%02x".formatted(i + FIRST_THREAD));
            }
        }
        return list.isEmpty() ? "l" : list.toString();
    }

    private String describe(String thread) {
        int i = cpu(thread);
        if (i == NO_THREAD) {
            return NO_SUCH_THREAD;
        }
        Cpu cpu = machine.cpu(i);
        String how = cpu.waiting ? ", waiting" : cpu.userMode() ? ", user mode" : "";
        return HEX.formatHex(("CPU " + i + how).getBytes(StandardCharsets.US_ASCII));
    }

    /** The CPU of a thread's number. */
    private int cpu(String thread) {
        Integer id = Packets.hex(thread);
        int cpu = id == null ? NO_THREAD : id - FIRST_THREAD;
        boolean exists = cpu >= 0 && cpu < machine.spec().cpus() && machine.cpu(cpu).enabled;
        return exists ? cpu : NO_THREAD;
    }

    /** {@code Hg}, {@code Hc}: 0 is any thread, -1 are all. */
    private String select(String rest) {
        if (rest.isEmpty() || rest.charAt(0) != 'g' && rest.charAt(0) != 'c') {
            return UNSUPPORTED;
        }
        String thread = rest.substring(1);
        boolean any = thread.equals("0") || thread.equals("-1");
        int cpu = cpu(thread);
        if (!any && cpu == NO_THREAD) {
            return NO_SUCH_THREAD;
        }
        if (rest.charAt(0) == 'c') {
            stepped = any ? NO_THREAD : cpu;
        } else if (!any) {
            selected = cpu;
        }
        return OK;
    }

    // Registers

    private String registers() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < GdbRegisters.count(); i++) {
            all.append("%08x".formatted(GdbRegisters.read(probe, selected, i)));
        }
        return all.toString();
    }

    private String register(String number) {
        Integer register = Packets.hex(number);
        if (register == null) {
            return MALFORMED;
        }
        boolean exists = register >= 0 && register < GdbRegisters.count();
        return exists ? "%08x".formatted(GdbRegisters.read(probe, selected, register)) : "xxxxxxxx";
    }

    private String writeRegister(String assignment) {
        int equals = assignment.indexOf('=');
        Integer register = equals < 0 ? null : Packets.hex(assignment.substring(0, equals));
        Integer value = equals < 0 ? null : Packets.hex(assignment.substring(equals + 1));
        if (register == null || value == null) {
            return MALFORMED;
        }
        if (register < 0 || register >= GdbRegisters.count()) {
            return NO_SUCH_REGISTER;
        }
        if (machine.replaying()) {
            return REPLAYING;
        }
        GdbRegisters.write(probe, selected, register, value);
        return OK;
    }

    // Memory

    /** An address and a length; null if it is malformed. */
    private static int @Nullable [] range(String text) {
        int comma = text.indexOf(',');
        Integer address = comma < 0 ? null : Packets.hex(text.substring(0, comma));
        Integer length = comma < 0 ? null : Packets.hex(text.substring(comma + 1));
        return address == null || length == null || length < 0 ? null : new int[] {address, length};
    }

    private String readMemory(String rest) {
        int[] range = range(rest);
        if (range == null) {
            return MALFORMED;
        }
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < Math.min(range[1], MOST_MEMORY); i++) {
            int found = probe.peek(selected, range[0] + i);
            if (found < 0) {
                return i == 0 ? NO_SUCH_MEMORY : bytes.toString();
            }
            bytes.append(HEX.toHexDigits((byte) found));
        }
        return bytes.toString();
    }

    private String writeMemory(String rest) {
        int colon = rest.indexOf(':');
        int[] range = colon < 0 ? null : range(rest.substring(0, colon));
        if (range == null || range[1] != (rest.length() - colon - 1) / 2.0) {
            return MALFORMED;
        }
        byte[] bytes;
        try {
            bytes = HEX.parseHex(rest, colon + 1, rest.length());
        } catch (IllegalArgumentException e) {
            return MALFORMED;
        }
        if (machine.replaying()) {
            return REPLAYING;
        }
        return probe.poke(selected, range[0], bytes) ? OK : NO_SUCH_MEMORY;
    }

    // Running

    /** {@code 0,ADDRESS,KIND}: software and hardware breakpoints are the same here. */
    private String breakpoint(String rest, boolean wanted) {
        if (!rest.startsWith("0,") && !rest.startsWith("1,")) {
            return UNSUPPORTED;
        }
        int[] range = range(rest.substring(2));
        if (range == null) {
            return MALFORMED;
        }
        if (!wanted) {
            probe.stops().remove(range[0]);
            return OK;
        }
        if (probe.stops().size() >= MOST_BREAKPOINTS) {
            return TOO_MANY;
        }
        probe.stops().add(range[0]);
        return OK;
    }

    /** What stands behind the signal of {@code C} and {@code S}: the machine takes no signals. */
    private static String behindSignal(String rest) {
        int semicolon = rest.indexOf(';');
        return semicolon < 0 ? "" : rest.substring(semicolon + 1);
    }

    private @Nullable String go(String address, boolean step) {
        if (!address.isEmpty()) {
            Integer pc = Packets.hex(address);
            if (pc == null) {
                return MALFORMED;
            }
            if (machine.replaying()) {
                return REPLAYING;
            }
            probe.setRegister(selected, Probe.PC, pc);
        }
        if (step) {
            probe.stops().stepCpu(stepped == NO_THREAD ? selected : stepped);
        }
        wish = Wish.RUN;
        return null;
    }
}
