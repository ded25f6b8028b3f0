package kseg.device;

import java.util.function.BooleanSupplier;
import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.port.BlockStore;
import kseg.port.DeviceTrace;
import kseg.port.HostExchange;
import kseg.port.HostFailureException;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;
import org.jspecify.annotations.Nullable;

/**
 * Fixed disk (System/161 manual, "Fixed disk", device 3 revision 2), with System/161's model of
 * seek, rotation and track buffer.
 *
 * <p>A transfer goes through the steps seek, copy to the cache (writes), rotation, copy from the
 * cache (reads), each an event; sector number and buffer are not latched, they are used as they are
 * when a step looks at them. A transfer that replaces one under way starts when the pending step of
 * the old one has ended; in System/161 that end also counts as a step of the new one.
 *
 * <p>The image itself stays as it was when the machine started: written sectors are in an overlay
 * that is part of the machine's state. {@link Counts}: sectors.
 */
public final class Disk implements Device {
    /** Size in sectors, read only. */
    private static final int R_SECTORS = 0x00;

    /** Status; write 0, 1 (read) or 3 (write). */
    private static final int R_STATUS = 0x04;

    /** Number of the sector to transfer. */
    private static final int R_SECTOR = 0x08;

    /** Revolutions per minute, read only. */
    private static final int R_RPM = 0x0c;

    /** The sector buffer. */
    private static final int BUFFER = 0x8000;

    private static final int S_IN_PROGRESS = 1;
    private static final int S_WRITE = 2;
    private static final int S_COMPLETE = 4;
    private static final int S_INVALID_SECTOR = 8;
    private static final int S_MEDIA_ERROR = 16;

    /** The head has reached the track in the argument. */
    private static final int E_ARRIVED = 0;

    /** The step in the argument is over. */
    private static final int E_STEP = 1;

    // Steps, in order.
    private static final int STARTED = 0;
    private static final int COPIED_IN = 1;
    private static final int ROTATED = 2;
    private static final int COPIED_OUT = 3;

    private static final long CACHE_NANOS = 500;
    private static final long MINUTE_SECONDS = 60;
    private static final long SECOND = 1_000_000_000L;

    private static final byte[] OK = {1};
    private static final byte[] FAILED = {0};

    private final int slot;
    private final InterruptLine line;
    private final DeviceClock clock;
    private final BlockStore base;
    private final HostExchange host;
    private final Misuse misuse;
    private final TimeOfDay timeOfDay;
    private final DoomCounter doom;
    private final int rpm;
    private final DeviceTrace trace;
    private final DiskGeometry geometry;
    private final long revolutionNanos;
    private final boolean oldStepsCount;
    private final Counts counts = new Counts();

    private int status;
    private int sector;
    private final byte[] buffer = new byte[BlockStore.SECTOR_BYTES];
    private SectorOverlay overlay = SectorOverlay.EMPTY;

    private int headTrack;
    private long arrivalNanos;
    private int step;

    /** An event is pending. */
    private boolean waiting;

    /** The pending event belongs to an operation that was aborted or replaced. */
    private boolean stale;

    /**
     * @param doom counts the write commands of all disks that are not {@code nodoom}
     * @param rpm revolutions per minute, a multiple of 60
     * @param oldStepsCount the pending step of a transfer that was replaced counts for the new one,
     *     as in System/161
     */
    public Disk(
            int slot,
            InterruptLine line,
            DeviceClock clock,
            BlockStore base,
            HostExchange host,
            Misuse misuse,
            TimeOfDay timeOfDay,
            DoomCounter doom,
            int rpm,
            boolean oldStepsCount,
            DeviceTrace trace) {
        this.slot = slot;
        this.line = line;
        this.clock = clock;
        this.base = base;
        this.host = host;
        this.misuse = misuse;
        this.timeOfDay = timeOfDay;
        this.doom = doom;
        this.rpm = rpm;
        this.oldStepsCount = oldStepsCount;
        this.trace = trace;
        this.geometry = new DiskGeometry(base.sectors());
        this.revolutionNanos = SECOND / (rpm / MINUTE_SECONDS);
        arrivalNanos = clock.nanos();
    }

    public Counts counts() {
        return counts;
    }

    /** The sectors written so far. */
    public SectorOverlay overlay() {
        return overlay;
    }

    @Override
    public int read(int offset, Width width) {
        if (!exists(offset)) {
            throw BusError.INSTANCE;
        }
        return peek(offset);
    }

    @Override
    public void write(int offset, int value, Width width) {
        if (inBuffer(offset)) {
            Words.put(buffer, offset - BUFFER, value);
        } else if (offset == R_STATUS) {
            command(value);
        } else if (offset == R_SECTOR) {
            sector = value;
        } else {
            throw BusError.INSTANCE;
        }
    }

    @Override
    public int peek(int offset) {
        if (inBuffer(offset)) {
            return Words.get(buffer, offset - BUFFER);
        }
        return switch (offset) {
            case R_SECTORS -> base.sectors();
            case R_STATUS -> status;
            case R_SECTOR -> sector;
            case R_RPM -> rpm;
            default -> 0;
        };
    }

    @Override
    public void event(int kind, long argument) {
        waiting = false;
        if (kind == E_ARRIVED) {
            headTrack = (int) argument;
            arrivalNanos = clock.nanos();
        } else if (!stale) {
            step = (int) argument;
        }
        stale = false;
        work();
        line.set((status & S_COMPLETE) != 0);
    }

    @Override
    public void save(StateWriter out) {
        out.section("disk", 1);
        out.putInt(status);
        out.putInt(sector);
        out.putBytes(buffer);
        out.attach(overlay, overlay.digest());
        out.putInt(headTrack);
        out.putLong(arrivalNanos);
        out.putInt(step);
        out.putBoolean(waiting);
        out.putBoolean(stale);
        doom.save(out);
        counts.save(out);
    }

    @Override
    public void restore(StateReader in) {
        in.section("disk", 1);
        status = in.getInt();
        sector = in.getInt();
        in.getBytes(buffer);
        overlay = in.attachment(SectorOverlay.class);
        headTrack = in.getInt();
        arrivalNanos = in.getLong();
        step = in.getInt();
        waiting = in.getBoolean();
        stale = in.getBoolean();
        doom.restore(in);
        counts.restore(in);
    }

    private void command(int value) {
        switch (value) {
            case 0, S_IN_PROGRESS -> {}
            case S_IN_PROGRESS | S_WRITE -> doom.tick();
            default -> {
                misuse.report(
                        "disk: Invalid write %s to status register"
                                .formatted(Integer.toUnsignedString(value)));
                return;
            }
        }
        tell(value);
        status = value;
        step = STARTED;
        stale = waiting && !oldStepsCount;
        work();
        line.set((status & S_COMPLETE) != 0);
    }

    private void tell(int command) {
        switch (command) {
            case 0 -> say("idle");
            case S_IN_PROGRESS -> say("read starts");
            default -> say("write starts");
        }
    }

    private void say(String what) {
        if (trace.on()) {
            trace.say("disk: slot " + slot + ": " + what);
        }
    }

    /** Begins the next step of the operation, or ends it. */
    private void work() {
        if (waiting || (status & S_IN_PROGRESS) == 0) {
            return;
        }
        if (Integer.compareUnsigned(sector, base.sectors()) >= 0) {
            say("Invalid sector");
            finish(S_INVALID_SECTOR);
            return;
        }
        boolean writing = (status & S_WRITE) != 0;
        int track = geometry.track(sector);
        if (track != headTrack) {
            long nanos = DiskGeometry.seekNanos(Math.abs(track - headTrack));
            say("seeking to track " + track + ": " + nanos + " ns");
            await(nanos, E_ARRIVED, track);
        } else if (writing && step < COPIED_IN) {
            await(CACHE_NANOS, E_STEP, COPIED_IN);
        } else if (step < ROTATED) {
            long nanos = writing ? untilWritten(track) : untilRead(track);
            say("rotdelay " + nanos + " ns");
            if (nanos > 0) {
                await(nanos, E_STEP, ROTATED);
            } else {
                step = ROTATED;
                work();
            }
        } else if (!writing && step < COPIED_OUT) {
            await(CACHE_NANOS, E_STEP, COPIED_OUT);
        } else {
            say((writing ? "write" : "read") + " sector " + Integer.toUnsignedString(sector));
            boolean done = writing ? writeSector() : readSector();
            if (!done) {
                say("media error");
            }
            finish(done ? 0 : S_MEDIA_ERROR);
        }
    }

    private void await(long nanos, int kind, int argument) {
        waiting = true;
        clock.after(nanos, kind, argument);
    }

    private void finish(int error) {
        status = status & S_WRITE | S_COMPLETE | error;
    }

    /**
     * Time until the whole sector has passed under the head since it arrived: 0 when it has, since
     * everything that passed is in the track buffer.
     */
    private long untilRead(int track) {
        int next = (geometry.place(sector) + 1) % geometry.length(track);
        return Math.max(0, arrivalNanos + untilPlace(track, next, arrivalNanos) - clock.nanos());
    }

    /** Time until the sector comes by and has been written. */
    private long untilWritten(int track) {
        return untilPlace(track, geometry.place(sector), clock.nanos()) + sectorNanos(track);
    }

    /** Time from {@code nanos} until this place of the track next begins to pass the head. */
    private long untilPlace(int track, int place, long nanos) {
        long angle = timeOfDay.nanosAt(nanos);
        long begin = place * sectorNanos(track);
        if (begin < angle) {
            begin += Math.ceilDiv(angle - begin, revolutionNanos) * revolutionNanos;
        }
        return begin - angle;
    }

    private long sectorNanos(int track) {
        return revolutionNanos / geometry.length(track);
    }

    private boolean readSector() {
        byte[] data = overlay.find(sector);
        if (data == null) {
            data = new byte[buffer.length];
            HostFailureException failure = readImage(data);
            if (!granted(() -> failure == null)) {
                return false;
            }
            if (failure != null) {
                throw failure; // It was readable when this run was recorded.
            }
        }
        System.arraycopy(data, 0, buffer, 0, buffer.length);
        counts.reads++;
        return true;
    }

    private @Nullable HostFailureException readImage(byte[] into) {
        try {
            base.read(sector, into);
            return null;
        } catch (HostFailureException e) {
            return e;
        }
    }

    private boolean writeSector() {
        if (!granted(this::logSector)) {
            return false;
        }
        overlay = overlay.with(sector, buffer);
        counts.writes++;
        return true;
    }

    private boolean logSector() {
        try {
            base.written(sector, buffer);
            return true;
        } catch (HostFailureException e) {
            return false;
        }
    }

    /** Whether the host can do it, or could when this run was recorded. */
    private boolean granted(BooleanSupplier work) {
        return host.ask(slot, () -> work.getAsBoolean() ? OK : FAILED)[0] == OK[0];
    }

    private static boolean exists(int offset) {
        return offset <= R_RPM || inBuffer(offset);
    }

    private static boolean inBuffer(int offset) {
        return offset >= BUFFER && offset < BUFFER + BlockStore.SECTOR_BYTES;
    }
}
