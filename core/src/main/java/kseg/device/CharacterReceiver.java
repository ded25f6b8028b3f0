package kseg.device;

import java.util.Arrays;
import kseg.port.MessagePort;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * The receiving half of the character devices (serial console, screen). Characters wait in a queue
 * and reach the data register one per character time. While software has neither read the last one
 * nor cleared the ready bit, the next is held back, and tried again each character time. If it has
 * done only one of the two, the next waits one character time for the other: System/161 delivers
 * then, and software that clears the bit after reading, as OS/161 does, loses the character.
 *
 * <p>The queue has no end, so that nothing typed is lost; with {@code overrun} set, it drops what
 * exceeds 511 characters, as System/161 does. A held character costs no events: the next attempt
 * that can succeed is computed when software reads or clears.
 */
final class CharacterReceiver {
    /** 19200 baud at 2.5 bits to the character: System/161's arithmetic. */
    static final long CHARACTER_NANOS = 20_833;

    /** Characters System/161 can hold. */
    private static final int FIFO = 511;

    /** Attempts after which the kernel counts as unresponsive: about a second. */
    private static final long PATIENCE = 48_000;

    private static final long NOT_HELD = -1;

    private final DeviceClock clock;
    private final MessagePort messages;
    private final int nextEvent;
    private final int complaintEvent;
    private final boolean overrun;
    private final IrqRegister irq = new IrqRegister();

    private byte[] queue = new byte[16];
    private int head;
    private int count;

    private int character;
    private boolean taken = true;

    /** A {@link #next} is pending. */
    private boolean busy;

    /** Machine time of the first failed attempt for the character at the head. */
    private long heldSince = NOT_HELD;

    /** The next character waits a character time more, for software to finish with the last. */
    private boolean postponed;

    private boolean complained;
    private boolean overrunning;

    /**
     * @param nextEvent event kind upon which the device calls {@link #next}
     * @param complaintEvent event kind upon which the device calls {@link #complain}
     */
    CharacterReceiver(
            DeviceClock clock,
            MessagePort messages,
            int nextEvent,
            int complaintEvent,
            boolean overrun) {
        this.clock = clock;
        this.messages = messages;
        this.nextEvent = nextEvent;
        this.complaintEvent = complaintEvent;
        this.overrun = overrun;
    }

    /** Takes characters from outside. */
    void receive(byte[] characters) {
        for (byte c : characters) {
            if (overrun && count >= FIFO) {
                if (!overrunning) {
                    messages.message("Input buffer overrun");
                    overrunning = true;
                }
            } else {
                overrunning = false;
                enqueue(c);
                if (!busy && heldSince == NOT_HELD) {
                    next();
                }
            }
        }
    }

    /** How many characters System/161's queue would still take. */
    int room() {
        return Math.max(0, FIFO - count);
    }

    /** How many characters have not reached the data register yet. */
    int waiting() {
        return count;
    }

    /** Reads the data register. */
    int take() {
        taken = true;
        retry();
        return character;
    }

    int peek() {
        return character;
    }

    int irq() {
        return irq.read();
    }

    void writeIrq(int value) {
        irq.write(value);
        retry();
    }

    boolean asserted() {
        return irq.asserted();
    }

    /** A character time is over: the next character arrives, or is held back. */
    void next() {
        busy = false;
        if (count == 0) {
            return;
        }
        if (taken == irq.ready() && !postponed) {
            postponed = true;
            busy = true;
            clock.exactlyAfter(CHARACTER_NANOS, nextEvent, 0);
            return;
        }
        postponed = false;
        if (blocked()) {
            if (heldSince == NOT_HELD) {
                heldSince = clock.nanos();
                clock.exactlyAfter(PATIENCE * CHARACTER_NANOS, complaintEvent, 0);
            }
            return;
        }
        release();
        character = queue[head] & 0xff;
        head = (head + 1) % queue.length;
        count--;
        taken = false;
        irq.setReady();
        busy = true;
        clock.after(CHARACTER_NANOS, nextEvent, 0);
    }

    /** The kernel has not read for a second. */
    void complain() {
        complained = true;
        messages.message("Kernel not responding; console input suspended");
    }

    void save(StateWriter out) {
        byte[] waiting = new byte[count];
        for (int i = 0; i < count; i++) {
            waiting[i] = queue[(head + i) % queue.length];
        }
        out.putBytes(waiting);
        irq.save(out);
        out.putByte(character);
        out.putBoolean(taken);
        out.putBoolean(busy);
        out.putLong(heldSince);
        out.putBoolean(postponed);
        out.putBoolean(complained);
        out.putBoolean(overrunning);
    }

    void restore(StateReader in) {
        byte[] waiting = in.getBytes();
        head = 0;
        count = waiting.length;
        queue = Arrays.copyOf(waiting, Math.max(16, count));
        irq.restore(in);
        character = in.getByte();
        taken = in.getBoolean();
        busy = in.getBoolean();
        heldSince = in.getLong();
        postponed = in.getBoolean();
        complained = in.getBoolean();
        overrunning = in.getBoolean();
    }

    private boolean blocked() {
        return !taken && irq.ready();
    }

    /** Schedules the next attempt if one is due to succeed. */
    private void retry() {
        if (heldSince != NOT_HELD && !busy && !blocked()) {
            long held = clock.nanos() - heldSince;
            long attempts = held / CHARACTER_NANOS + 1;
            busy = true;
            clock.exactlyAfter(attempts * CHARACTER_NANOS - held, nextEvent, 0);
        }
    }

    private void release() {
        if (heldSince == NOT_HELD) {
            return;
        }
        clock.cancel(complaintEvent);
        if (complained) {
            long attempts = (clock.nanos() - heldSince) / CHARACTER_NANOS;
            messages.message(
                    "Held up to %d input characters while kernel unresponsive".formatted(attempts));
        }
        heldSince = NOT_HELD;
        complained = false;
    }

    private void enqueue(byte c) {
        if (count == queue.length) {
            byte[] larger = new byte[2 * count];
            for (int i = 0; i < count; i++) {
                larger[i] = queue[(head + i) % count];
            }
            queue = larger;
            head = 0;
        }
        queue[(head + count++) % queue.length] = c;
    }
}
