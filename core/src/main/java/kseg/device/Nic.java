package kseg.device;

import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.port.DeviceTrace;
import kseg.port.FramePort;
import kseg.port.MessagePort;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * Network card (System/161 manual, "Network interface", device 6 revision 1; the manual says 2).
 *
 * <p>A frame begins with four big-endian halfwords: 0xa4b3, source, length of the whole, and
 * destination, 0xffff being everybody. Sending takes 2 ms; the card fills in the first two. A frame
 * arriving before software has taken the last one is lost. The line is up while an interrupt
 * register is 1. {@link Counts}: frames received, sent, lost.
 */
public final class Nic implements Device {
    /** 1 when a frame has arrived. */
    private static final int R_RECEIVED = 0x00;

    /** 1 when the frame has been sent. */
    private static final int R_SENT = 0x04;

    /** Bit 0: take frames for others too. Bit 1: send; clears itself. */
    private static final int R_CONTROL = 0x08;

    /** The card's address, read only. The carrier bit, 31, is never set. */
    private static final int R_STATUS = 0x0c;

    private static final int RECEIVE_BUFFER = 0x8000;
    private static final int SEND_BUFFER = 0x9000;
    private static final int BUFFER_BYTES = 0x1000;

    private static final int C_PROMISCUOUS = 1;
    private static final int C_SEND = 2;

    // The frame's header.
    private static final int H_MAGIC = 0;
    private static final int H_FROM = 2;
    private static final int H_LENGTH = 4;
    private static final int H_TO = 6;
    private static final int HEADER_BYTES = 8;

    private static final int MAGIC = 0xa4b3;
    private static final int BROADCAST = 0xffff;

    private static final int E_SENT = 0;
    private static final int E_KEEP_ALIVE = 1;
    private static final long SEND_NANOS = 2_000_000;
    private static final long KEEP_ALIVE_NANOS = 1_000_000_000;

    private final int slot;
    private final InterruptLine line;
    private final DeviceClock clock;
    private final FramePort port;
    private final MessagePort messages;
    private final Misuse misuse;
    private final int address;
    private final DeviceTrace trace;
    private final Counts counts = new Counts();

    private int received;
    private int sent;
    private int control;
    private boolean carrier = true;
    private final byte[] receiveBuffer = new byte[BUFFER_BYTES];
    private final byte[] sendBuffer = new byte[BUFFER_BYTES];

    /**
     * @param address hardware address, 1 to 65534
     */
    public Nic(
            int slot,
            InterruptLine line,
            DeviceClock clock,
            FramePort port,
            MessagePort messages,
            Misuse misuse,
            int address,
            DeviceTrace trace) {
        this.slot = slot;
        this.line = line;
        this.clock = clock;
        this.port = port;
        this.messages = messages;
        this.misuse = misuse;
        this.address = address;
        this.trace = trace;
    }

    public Counts counts() {
        return counts;
    }

    /** Whether software has taken the last frame, so that another would not be lost. */
    public boolean canReceive() {
        return received == 0;
    }

    /** A frame comes in from the wire: an external input of the machine. */
    public void deliver(byte[] frame) {
        boolean whole =
                frame.length >= HEADER_BYTES
                        && frame.length <= BUFFER_BYTES
                        && half(frame, H_MAGIC) == MAGIC;
        if (!whole) {
            say(frame.length < HEADER_BYTES ? "runt packet" : "framing error");
            counts.others++;
            return;
        }
        int to = half(frame, H_TO);
        if (to != address && to != BROADCAST && (control & C_PROMISCUOUS) == 0) {
            say("packet not for us");
            return;
        }
        if (half(frame, H_LENGTH) != frame.length || received != 0) {
            say(unfit(half(frame, H_LENGTH), frame.length));
            counts.others++;
            return;
        }
        System.arraycopy(frame, 0, receiveBuffer, 0, frame.length);
        counts.reads++;
        say("packet received");
        received = 1;
        updateLine();
    }

    /**
     * Has an event every second of machine time from now on, as System/161 does to tell its hub of
     * the card. It has no effect but that of any event: on jitter, and on how long CPUs run.
     */
    public void keepAlive() {
        clock.after(KEEP_ALIVE_NANOS, E_KEEP_ALIVE, 0);
    }

    /** The wire is cut or mended: an external input of the machine. Software does not see it. */
    public void carrier(boolean present) {
        if (present != carrier) {
            carrier = present;
            messages.message(
                    "nic: slot %d: %s"
                            .formatted(slot, present ? "carrier detected" : "lost carrier"));
        }
    }

    @Override
    public int read(int offset, Width width) {
        if (offset > R_STATUS && !inBuffers(offset)) {
            throw BusError.INSTANCE;
        }
        return peek(offset);
    }

    @Override
    public void write(int offset, int value, Width width) {
        if (inBuffers(offset)) {
            Words.put(buffer(offset), offset % BUFFER_BYTES, value);
            return;
        }
        switch (offset) {
            case R_RECEIVED -> received = interrupt(received, value);
            case R_SENT -> sent = interrupt(sent, value);
            case R_CONTROL -> control(value);
            default -> throw BusError.INSTANCE;
        }
        updateLine();
    }

    @Override
    public int peek(int offset) {
        if (inBuffers(offset)) {
            return Words.get(buffer(offset), offset % BUFFER_BYTES);
        }
        return switch (offset) {
            case R_RECEIVED -> received;
            case R_SENT -> sent;
            case R_CONTROL -> control;
            case R_STATUS -> address;
            default -> 0;
        };
    }

    @Override
    public void event(int kind, long argument) {
        if (kind == E_KEEP_ALIVE) {
            keepAlive();
            return;
        }
        control &= ~C_SEND;
        int length = half(sendBuffer, H_LENGTH);
        if (length > BUFFER_BYTES) {
            misuse.report("Packet size too long");
            return;
        }
        putHalf(sendBuffer, H_MAGIC, MAGIC);
        putHalf(sendBuffer, H_FROM, address);
        byte[] frame = new byte[length];
        System.arraycopy(sendBuffer, 0, frame, 0, length);
        port.send(clock.nanos(), frame);
        counts.writes++;
        say("packet sent");
        sent = 1;
        updateLine();
    }

    @Override
    public void save(StateWriter out) {
        out.section("nic", 1);
        out.putInt(received);
        out.putInt(sent);
        out.putInt(control);
        out.putBoolean(carrier);
        out.putBytes(receiveBuffer);
        out.putBytes(sendBuffer);
        counts.save(out);
    }

    @Override
    public void restore(StateReader in) {
        in.section("nic", 1);
        received = in.getInt();
        sent = in.getInt();
        control = in.getInt();
        carrier = in.getBoolean();
        in.getBytes(receiveBuffer);
        in.getBytes(sendBuffer);
        counts.restore(in);
    }

    private int interrupt(int old, int value) {
        if ((value & ~1) != 0) {
            misuse.report("Illegal network interrupt register write");
            return old;
        }
        return value;
    }

    private void control(int value) {
        if ((value & ~(C_PROMISCUOUS | C_SEND)) != 0) {
            misuse.report("Illegal network control register write");
            return;
        }
        boolean sending = (control & C_SEND) != 0;
        if ((value & C_SEND) != 0) {
            if (sending) {
                misuse.report("Network packet send started while send already in progress");
            } else {
                say("starting send (" + half(sendBuffer, H_LENGTH) + " bytes)");
                clock.after(SEND_NANOS, E_SENT, 0);
            }
        }
        control = sending ? value | C_SEND : value;
    }

    private static String unfit(int stated, int length) {
        if (stated == length) {
            return "overrun";
        }
        return stated > length ? "truncated packet" : "garbage on end of packet";
    }

    private void say(String what) {
        if (trace.on()) {
            trace.say("nic: slot " + slot + ": " + what);
        }
    }

    private void updateLine() {
        line.set((received | sent) != 0);
    }

    private byte[] buffer(int offset) {
        return offset < SEND_BUFFER ? receiveBuffer : sendBuffer;
    }

    private static boolean inBuffers(int offset) {
        return offset >= RECEIVE_BUFFER && offset < SEND_BUFFER + BUFFER_BYTES;
    }

    private static int half(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
    }

    private static void putHalf(byte[] frame, int at, int value) {
        frame[at] = (byte) (value >>> 8);
        frame[at + 1] = (byte) value;
    }
}
