package kseg.device;

import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.port.Beeper;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * Timer and clock card: time of day, one countdown, a speaker (System/161 manual, "Timer/clock
 * card", device 2 revision 1).
 *
 * <p>The line rises when the countdown ends and falls when the status register is read. A countdown
 * of 0 that restarts does so after 1 microsecond; System/161 loops for ever.
 */
public final class Timer implements Device {
    /** Seconds since 1970; a write sets the time of day. */
    private static final int R_SECONDS = 0x00;

    /** Nanoseconds within the second; a write sets them. */
    private static final int R_NANOS = 0x04;

    /** Not 0: start again when the countdown ends. */
    private static final int R_RESTART = 0x08;

    /** 1 when the line was up; a read lowers it. */
    private static final int R_STATUS = 0x0c;

    /** Countdown in microseconds; a write starts it. */
    private static final int R_COUNTDOWN = 0x10;

    /** A write beeps. */
    private static final int R_SPEAKER = 0x14;

    private static final int R_RESERVED_1 = 0x18;
    private static final int R_RESERVED_2 = 0x1c;

    private static final int E_EXPIRED = 0;

    private static final long MICROSECOND = 1_000;

    private final InterruptLine line;
    private final DeviceClock clock;
    private final Beeper beeper;
    private final Misuse misuse;
    private final TimeOfDay timeOfDay;

    private int restart;
    private int countdownMicros;

    public Timer(
            InterruptLine line,
            DeviceClock clock,
            Beeper beeper,
            Misuse misuse,
            TimeOfDay timeOfDay) {
        this.line = line;
        this.clock = clock;
        this.beeper = beeper;
        this.misuse = misuse;
        this.timeOfDay = timeOfDay;
    }

    @Override
    public int read(int offset, Width width) {
        return switch (offset) {
            case R_SECONDS, R_NANOS, R_RESTART, R_COUNTDOWN -> peek(offset);
            case R_STATUS -> {
                int status = peek(offset);
                line.set(false);
                yield status;
            }
            case R_SPEAKER, R_RESERVED_1, R_RESERVED_2 -> {
                misuse.report("Illegal timer register read");
                yield 0;
            }
            default -> throw BusError.INSTANCE;
        };
    }

    @Override
    public void write(int offset, int value, Width width) {
        switch (offset) {
            case R_SECONDS -> timeOfDay.setSeconds(clock, Integer.toUnsignedLong(value));
            case R_NANOS -> timeOfDay.setNanos(clock, Integer.toUnsignedLong(value));
            case R_RESTART -> restart = value;
            case R_COUNTDOWN -> {
                countdownMicros = value;
                clock.cancel(E_EXPIRED);
                clock.after(countdownNanos(), E_EXPIRED, 0);
            }
            case R_SPEAKER -> beeper.beep();
            case R_STATUS, R_RESERVED_1, R_RESERVED_2 ->
                    misuse.report("Illegal timer register write");
            default -> throw BusError.INSTANCE;
        }
    }

    @Override
    public int peek(int offset) {
        return switch (offset) {
            case R_SECONDS -> (int) timeOfDay.seconds(clock);
            case R_NANOS -> timeOfDay.nanos(clock);
            case R_RESTART -> restart;
            case R_STATUS -> line.raised() ? 1 : 0;
            case R_COUNTDOWN -> countdownMicros;
            default -> 0;
        };
    }

    @Override
    public void event(int kind, long argument) {
        line.set(true);
        if (restart != 0) {
            clock.after(Math.max(countdownNanos(), MICROSECOND), E_EXPIRED, 0);
        }
    }

    @Override
    public void save(StateWriter out) {
        out.section("timer", 1);
        timeOfDay.save(out);
        out.putInt(restart);
        out.putInt(countdownMicros);
    }

    @Override
    public void restore(StateReader in) {
        in.section("timer", 1);
        timeOfDay.restore(in);
        restart = in.getInt();
        countdownMicros = in.getInt();
    }

    private long countdownNanos() {
        return Integer.toUnsignedLong(countdownMicros) * MICROSECOND;
    }
}
