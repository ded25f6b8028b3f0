package kseg.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.port.DeviceTrace;
import kseg.port.FileRefusedException;
import kseg.port.HostExchange;
import kseg.port.HostFailureException;
import kseg.port.HostFiles;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;
import org.jspecify.annotations.Nullable;

/**
 * Emulator file system: a directory of the host (System/161's emufs, device 7 revision 1; it has no
 * manual).
 *
 * <p>An operation takes handle, offset, length and, where it needs them, the buffer's contents at
 * the moment it is started, and 5 ms later asks the host, delivers data and result and raises the
 * line; as in System/161, the host is asked and data are delivered at the start. The line is up
 * while the result is not 0.
 *
 * <p>Each open gives a handle of its own, save that the root directory is always handle 0; as in
 * System/161, an object that is open already gives the handle it has, and one close ends all its
 * uses. A handle stands for a path: what the host moves away is gone. {@link Counts}: reads, writes
 * and truncates, other operations, as System/161 counts them.
 */
public final class Emufs implements Device {
    private static final int R_HANDLE = 0x00;
    private static final int R_OFFSET = 0x04;
    private static final int R_LENGTH = 0x08;

    /** A write starts an operation; reads as 0. */
    private static final int R_OPERATION = 0x0c;

    /** Result of the operation; software writes 0 to acknowledge it. */
    private static final int R_RESULT = 0x10;

    private static final int BUFFER = 0x8000;
    private static final int BUFFER_BYTES = 0x4000;

    private static final int OP_OPEN = 1;
    private static final int OP_CREATE = 2;
    private static final int OP_CREATE_EXCLUSIVE = 3;
    private static final int OP_CLOSE = 4;
    private static final int OP_READ = 5;
    private static final int OP_READ_DIRECTORY = 6;
    private static final int OP_WRITE = 7;
    private static final int OP_GET_SIZE = 8;
    private static final int OP_TRUNCATE = 9;

    private static final int OK = 1;
    private static final int BAD_HANDLE = 2;
    private static final int BAD_OPERATION = 3;
    private static final int BAD_PATH = 4;
    private static final int BAD_SIZE = 5;
    private static final int EXISTS = 6;
    private static final int IS_DIRECTORY = 7;
    private static final int MEDIA_ERROR = 8;
    private static final int OUT_OF_HANDLES = 9;
    private static final int NO_SPACE = 10;
    private static final int NOT_DIRECTORY = 11;
    private static final int UNKNOWN = 12;

    private static final int E_COMPLETE = 0;
    private static final long OPERATION_NANOS = 5_000_000;
    private static final byte[] NOTHING = {};

    private final int slot;
    private final InterruptLine line;
    private final DeviceClock clock;
    private final HostFiles files;
    private final HostExchange host;
    private final Misuse misuse;
    private final DeviceTrace trace;
    private final boolean asSystem161;
    private final Counts counts = new Counts();

    private int handle;
    private int offset;
    private int length;
    private int result;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private final EmufsHandles handles;
    private @Nullable EmufsRequest request;

    /** The result of the operation under way, if the host was asked at its start. */
    private int early;

    /**
     * @param asSystem161 the host is asked at once, and opening an open object gives its handle
     */
    public Emufs(
            int slot,
            InterruptLine line,
            DeviceClock clock,
            HostFiles files,
            HostExchange host,
            Misuse misuse,
            boolean asSystem161,
            DeviceTrace trace) {
        this.slot = slot;
        this.line = line;
        this.clock = clock;
        this.files = files;
        this.host = host;
        this.misuse = misuse;
        this.trace = trace;
        this.handles = new EmufsHandles(asSystem161);
        this.asSystem161 = asSystem161;
        counts.others = 1; // System/161 counts the opening of the root.
    }

    public Counts counts() {
        return counts;
    }

    @Override
    public int read(int register, Width width) {
        if (register > R_RESULT && !inBuffer(register)) {
            throw BusError.INSTANCE;
        }
        return peek(register);
    }

    @Override
    public void write(int register, int value, Width width) {
        if (inBuffer(register)) {
            Words.put(buffer, register - BUFFER, value);
            return;
        }
        switch (register) {
            case R_HANDLE -> handle = value;
            case R_OFFSET -> offset = value;
            case R_LENGTH -> length = value;
            case R_OPERATION -> start(value);
            case R_RESULT -> setResult(value);
            default -> throw BusError.INSTANCE;
        }
    }

    @Override
    public int peek(int register) {
        if (inBuffer(register)) {
            return Words.get(buffer, register - BUFFER);
        }
        return switch (register) {
            case R_HANDLE -> handle;
            case R_OFFSET -> offset;
            case R_LENGTH -> length;
            case R_RESULT -> result;
            default -> 0;
        };
    }

    @Override
    public void event(int kind, long argument) {
        EmufsRequest done = request;
        if (done == null) {
            throw new IllegalStateException("emufs completes an operation it has not started");
        }
        request = null;
        setResult(asSystem161 ? early : perform(done));
        if (trace.on()) {
            say("Operation complete");
        }
    }

    /** Has the host do what was requested, and delivers data; returns the result. */
    private int perform(EmufsRequest r) {
        int code = complete(r);
        if (trace.on()) {
            String told = EmufsText.of(r, code, handle, length, buffer);
            if (!told.isEmpty()) {
                say(told);
            }
        }
        return code;
    }

    /** The trace sees the handle in the register closed when the machine is put away. */
    public void putAway() {
        if (trace.on()) {
            say("close handle " + Integer.toUnsignedString(handle));
        }
    }

    @Override
    public void save(StateWriter out) {
        out.section("emufs", 1);
        out.putInt(handle);
        out.putInt(offset);
        out.putInt(length);
        out.putInt(result);
        out.putBytes(buffer);
        handles.save(out);
        out.putBoolean(request != null);
        if (request != null) {
            request.save(out);
        }
        counts.save(out);
        if (asSystem161) {
            out.putInt(early);
        }
    }

    @Override
    public void restore(StateReader in) {
        in.section("emufs", 1);
        handle = in.getInt();
        offset = in.getInt();
        length = in.getInt();
        result = in.getInt();
        in.getBytes(buffer);
        handles.restore(in);
        request = in.getBoolean() ? EmufsRequest.restored(in) : null;
        counts.restore(in);
        if (asSystem161) {
            early = in.getInt();
        }
    }

    private void start(int operation) {
        if (request != null) {
            misuse.report("emufs operation started while an operation was already in progress");
            return;
        }
        boolean takesData =
                switch (operation) {
                    case OP_OPEN, OP_CREATE, OP_CREATE_EXCLUSIVE, OP_WRITE -> fits(length);
                    default -> false;
                };
        byte[] data = takesData ? Arrays.copyOf(buffer, length) : NOTHING;
        EmufsRequest started = new EmufsRequest(operation, handle, offset, length, data);
        request = started;
        if (asSystem161) {
            early = perform(started);
        }
        clock.after(OPERATION_NANOS, E_COMPLETE, 0);
    }

    private void say(String what) {
        trace.say("emufs: slot " + slot + ": " + what);
    }

    private void setResult(int value) {
        result = value;
        line.set(value != 0);
    }

    /** Performs the operation; returns its result. */
    private int complete(EmufsRequest r) {
        String path = handles.path(r.handle);
        if (path == null) {
            return BAD_HANDLE;
        }
        return switch (r.operation) {
            case OP_OPEN -> open(r, path, HostFiles.Mode.EXISTING);
            case OP_CREATE -> open(r, path, HostFiles.Mode.CREATE);
            case OP_CREATE_EXCLUSIVE -> open(r, path, HostFiles.Mode.EXCLUSIVE);
            case OP_CLOSE -> close(r);
            case OP_READ -> fits(r.length) ? read(r, path) : BAD_SIZE;
            case OP_READ_DIRECTORY -> fits(r.length) ? readDirectory(r, path) : BAD_SIZE;
            case OP_WRITE -> fits(r.length) ? write(r, path) : BAD_SIZE;
            case OP_GET_SIZE -> getSize(path);
            case OP_TRUNCATE -> truncate(r, path);
            default -> BAD_OPERATION;
        };
    }

    private int open(EmufsRequest r, String directory, HostFiles.Mode mode) {
        if (Integer.compareUnsigned(r.length, BUFFER_BYTES) >= 0) {
            return BAD_SIZE;
        }
        if (!handles.available()) {
            return OUT_OF_HANDLES;
        }
        ByteBuffer answer =
                ask(() -> {
                    HostFiles.Entry found = files.open(directory, text(r.data), mode);
                    byte[] path = found.path().getBytes(UTF_8);
                    return ByteBuffer.allocate(1 + path.length)
                            .put((byte) (found.directory() ? 1 : 0))
                            .put(path)
                            .array();
                });
        int code = answer.get();
        if (code != OK) {
            return code;
        }
        boolean isDirectory = answer.get() != 0;
        int taken = handles.open(UTF_8.decode(answer).toString());
        if (taken == EmufsHandles.NONE) {
            return OUT_OF_HANDLES;
        }
        handle = taken;
        length = isDirectory ? 1 : 0;
        counts.others++;
        return OK;
    }

    private int close(EmufsRequest r) {
        handles.close(r.handle);
        counts.others++;
        return OK;
    }

    private int read(EmufsRequest r, String path) {
        ByteBuffer answer = ask(() -> files.read(path, r.position(), r.length));
        int code = answer.get();
        if (code == OK) {
            deliver(r, answer);
            offset = r.offset + length;
            counts.reads++;
        }
        return code;
    }

    private int readDirectory(EmufsRequest r, String path) {
        ByteBuffer answer =
                ask(() -> {
                    String name = files.name(path, r.position());
                    return name == null ? NOTHING : name.getBytes(UTF_8);
                });
        int code = answer.get();
        if (code == OK) {
            boolean end = !answer.hasRemaining();
            deliver(r, answer);
            if (!end) {
                offset = r.offset + 1;
                counts.reads++;
            }
        }
        return code;
    }

    /** Puts the rest of the answer into the buffer, as far as the guest wants it. */
    private void deliver(EmufsRequest r, ByteBuffer answer) {
        length = Math.min(answer.remaining(), r.length);
        answer.get(buffer, 0, length);
    }

    private int write(EmufsRequest r, String path) {
        int code = tell(() -> files.write(path, r.position(), r.data));
        if (code == OK) {
            offset = r.offset + r.length;
            length = r.length;
            counts.writes++;
        }
        return code;
    }

    private int getSize(String path) {
        ByteBuffer answer = ask(() -> ByteBuffer.allocate(8).putLong(files.size(path)).array());
        int code = answer.get();
        if (code == OK) {
            length = (int) answer.getLong();
            counts.others++;
        }
        return code;
    }

    private int truncate(EmufsRequest r, String path) {
        int code = tell(() -> files.truncate(path, Integer.toUnsignedLong(r.length)));
        if (code == OK) {
            counts.writes++;
        }
        return code;
    }

    /** Has the host do what gives no data; returns the result. */
    private int tell(Runnable work) {
        return ask(
                        () -> {
                            work.run();
                            return NOTHING;
                        })
                .get();
    }

    /**
     * The answer of the host, or of the journal: a result code and, when it is OK, what follows.
     */
    private ByteBuffer ask(Supplier<byte[]> work) {
        return ByteBuffer.wrap(
                host.ask(
                        slot,
                        () -> {
                            try {
                                byte[] found = work.get();
                                return ByteBuffer.allocate(1 + found.length)
                                        .put((byte) OK)
                                        .put(found)
                                        .array();
                            } catch (FileRefusedException e) {
                                return new byte[] {(byte) code(e.reason())};
                            } catch (HostFailureException e) {
                                return new byte[] {MEDIA_ERROR};
                            }
                        }));
    }

    private static int code(FileRefusedException.Reason reason) {
        return switch (reason) {
            case BAD_PATH -> BAD_PATH;
            case BAD_SIZE -> BAD_SIZE;
            case EXISTS -> EXISTS;
            case IS_DIRECTORY -> IS_DIRECTORY;
            case NOT_DIRECTORY -> NOT_DIRECTORY;
            case MEDIA -> MEDIA_ERROR;
            case NO_SPACE -> NO_SPACE;
            case GONE -> BAD_HANDLE;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** A path ends at its first NUL. */
    private static String text(byte[] path) {
        int end = 0;
        while (end < path.length && path[end] != 0) {
            end++;
        }
        return new String(path, 0, end, UTF_8);
    }

    private static boolean fits(int bytes) {
        return Integer.compareUnsigned(bytes, BUFFER_BYTES) <= 0;
    }

    private static boolean inBuffer(int register) {
        return register >= BUFFER && register < BUFFER + BUFFER_BYTES;
    }
}
