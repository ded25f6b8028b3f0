package kseg.device;

import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Width;
import kseg.port.CharPort;
import kseg.port.MessagePort;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * Serial console (System/161 manual, "Serial console", device 4 revision 1).
 *
 * <p>A character takes 20,833 ns each way. One written while another is on its way is lost. The
 * line is up while either interrupt register asks for it. {@link Counts}: characters.
 */
public final class Serial implements Device {
    /** Write: transmit. Read: the last character received. */
    private static final int R_DATA = 0x00;

    /** Write interrupts. */
    private static final int R_WRITE_IRQ = 0x04;

    /** Read interrupts. */
    private static final int R_READ_IRQ = 0x08;

    private static final int E_SENT = 0;
    private static final int E_NEXT_INPUT = 1;
    private static final int E_UNRESPONSIVE = 2;

    private final InterruptLine line;
    private final DeviceClock clock;
    private final CharPort port;
    private final Counts counts = new Counts();
    private final IrqRegister writeIrq = new IrqRegister();
    private final CharacterReceiver input;

    private boolean sending;

    /**
     * @param overrunAt511 lose input beyond 511 characters, as System/161 does
     */
    public Serial(
            InterruptLine line,
            DeviceClock clock,
            CharPort port,
            MessagePort messages,
            boolean overrunAt511) {
        this.line = line;
        this.clock = clock;
        this.port = port;
        this.input =
                new CharacterReceiver(clock, messages, E_NEXT_INPUT, E_UNRESPONSIVE, overrunAt511);
    }

    /** Takes characters typed at the console: an external input of the machine. */
    public void receive(byte[] characters) {
        input.receive(characters);
        updateLine();
    }

    /** How many characters can be received without exceeding the 511 that System/161 holds. */
    public int room() {
        return input.room();
    }

    /** How many characters have been received and not yet passed on to software. */
    public int waiting() {
        return input.waiting();
    }

    public Counts counts() {
        return counts;
    }

    @Override
    public int read(int offset, Width width) {
        return switch (offset) {
            case R_DATA -> {
                counts.reads++;
                yield input.take();
            }
            case R_WRITE_IRQ, R_READ_IRQ -> peek(offset);
            default -> throw BusError.INSTANCE;
        };
    }

    @Override
    public void write(int offset, int value, Width width) {
        switch (offset) {
            case R_DATA -> {
                send(value & 0xff); // no interrupt changes before it has gone
                return;
            }
            case R_WRITE_IRQ -> writeIrq.write(value);
            case R_READ_IRQ -> input.writeIrq(value);
            default -> throw BusError.INSTANCE;
        }
        updateLine();
    }

    @Override
    public int peek(int offset) {
        return switch (offset) {
            case R_DATA -> input.peek();
            case R_WRITE_IRQ -> writeIrq.read();
            case R_READ_IRQ -> input.irq();
            default -> 0;
        };
    }

    @Override
    public void event(int kind, long argument) {
        switch (kind) {
            case E_SENT -> {
                sending = false;
                writeIrq.setReady();
            }
            case E_NEXT_INPUT -> input.next();
            case E_UNRESPONSIVE -> input.complain();
            default -> throw new IllegalArgumentException("serial event " + kind);
        }
        updateLine();
    }

    @Override
    public void save(StateWriter out) {
        out.section("serial", 1);
        out.putBoolean(sending);
        writeIrq.save(out);
        input.save(out);
        counts.save(out);
    }

    @Override
    public void restore(StateReader in) {
        in.section("serial", 1);
        sending = in.getBoolean();
        writeIrq.restore(in);
        input.restore(in);
        counts.restore(in);
    }

    private void send(int character) {
        if (!sending) {
            sending = true;
            counts.writes++;
            port.put(character);
            clock.after(CharacterReceiver.CHARACTER_NANOS, E_SENT, 0);
        }
    }

    private void updateLine() {
        line.set(writeIrq.asserted() || input.asserted());
    }
}
