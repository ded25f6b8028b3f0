package kseg.device;

import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.port.MessagePort;
import kseg.port.TraceRequests;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/**
 * Hardware trace control (System/161 manual, "Hardware trace control", device 8 revision 3): lets
 * software speak to the simulator. It has no interrupt.
 */
public final class TraceControl implements Device {
    /** Switch on the kind of trace whose letter is written. */
    private static final int R_ON = 0x00;

    /** Switch it off. */
    private static final int R_OFF = 0x04;

    /** Print a code. */
    private static final int R_PRINT = 0x08;

    /** Print a code and the state of the machine. */
    private static final int R_DUMP = 0x0c;

    /** Stop for the debugger. */
    private static final int R_STOP = 0x10;

    /** Profiling, 0 or 1; the only register that can be read. */
    private static final int R_PROFILE = 0x14;

    /** Clear the profile. */
    private static final int R_CLEAR_PROFILE = 0x18;

    private static final String KINDS = "kujtxidne";
    private static final String RULE = "-".repeat(72);

    private final MessagePort messages;
    private final TraceRequests requests;
    private final Misuse misuse;

    private boolean profiling;

    public TraceControl(MessagePort messages, TraceRequests requests, Misuse misuse) {
        this.messages = messages;
        this.requests = requests;
        this.misuse = misuse;
    }

    @Override
    public int read(int offset, Width width) {
        if (offset != R_PROFILE) {
            throw BusError.INSTANCE;
        }
        return peek(offset);
    }

    @Override
    public void write(int offset, int value, Width width) {
        String code = "code %s (0x%x)".formatted(Integer.toUnsignedString(value), value);
        switch (offset) {
            case R_ON -> trace(value, true);
            case R_OFF -> trace(value, false);
            case R_PRINT -> messages.message("trace: " + code);
            case R_DUMP -> {
                messages.message(RULE);
                messages.message("trace: dump with " + code);
                requests.dump();
                messages.message("trace: dump complete");
                messages.message(RULE);
            }
            case R_STOP -> {
                messages.message("trace: software-requested debugger stop");
                requests.debuggerStop();
            }
            case R_PROFILE -> {
                profiling = value != 0;
                requests.profile(profiling);
            }
            case R_CLEAR_PROFILE -> requests.clearProfile();
            default -> throw BusError.INSTANCE;
        }
    }

    @Override
    public int peek(int offset) {
        return offset == R_PROFILE && profiling ? 1 : 0;
    }

    @Override
    public void event(int kind, long argument) {
        throw new IllegalStateException("trace control schedules nothing");
    }

    @Override
    public void save(StateWriter out) {
        out.section("trace", 1);
        out.putBoolean(profiling);
    }

    @Override
    public void restore(StateReader in) {
        in.section("trace", 1);
        profiling = in.getBoolean();
    }

    private void trace(int letter, boolean on) {
        if (letter > 0 && letter <= 'z' && KINDS.indexOf(letter) >= 0) {
            requests.trace((char) letter, on);
        } else {
            char shown = letter >= ' ' && letter <= '~' ? (char) letter : '?';
            misuse.report("Invalid trace code %c (%d)".formatted(shown, letter));
        }
    }
}
