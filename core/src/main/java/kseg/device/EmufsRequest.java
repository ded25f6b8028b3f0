package kseg.device;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/** An emufs operation under way, with everything it was started with. */
final class EmufsRequest {
    final int operation;
    final int handle;
    final int offset;
    final int length;

    /** The path, or the data to write; not to be changed. */
    final byte[] data;

    EmufsRequest(int operation, int handle, int offset, int length, byte[] data) {
        this.operation = operation;
        this.handle = handle;
        this.offset = offset;
        this.length = length;
        this.data = data;
    }

    /** The offset, which is unsigned. */
    long position() {
        return Integer.toUnsignedLong(offset);
    }

    void save(StateWriter out) {
        out.putInt(operation);
        out.putInt(handle);
        out.putInt(offset);
        out.putInt(length);
        out.putBytes(data);
    }

    static EmufsRequest restored(StateReader in) {
        return new EmufsRequest(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getBytes());
    }
}
