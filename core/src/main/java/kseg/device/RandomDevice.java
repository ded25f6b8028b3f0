package kseg.device;

import kseg.bus.BusError;
import kseg.bus.Device;
import kseg.bus.Width;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.RandomSource;

/**
 * Random number generator (System/161 manual, "Random number generator", device 9 revision 1): one
 * register, of which each read is the next number. It has no interrupt.
 *
 * <p>The numbers come from the machine's generator, not from System/161's C library, unless the
 * machine is strict.
 */
public final class RandomDevice implements Device {
    /** The next number, read only. */
    private static final int R_NUMBER = 0x00;

    private final RandomSource generator;

    /**
     * @param generator where the numbers come from
     */
    public RandomDevice(RandomSource generator) {
        this.generator = generator;
    }

    @Override
    public int read(int offset, Width width) {
        if (offset != R_NUMBER) {
            throw BusError.INSTANCE;
        }
        return generator.nextInt();
    }

    @Override
    public void write(int offset, int value, Width width) {
        throw BusError.INSTANCE;
    }

    /** 0: looking must not draw. */
    @Override
    public int peek(int offset) {
        return 0;
    }

    @Override
    public void event(int kind, long argument) {
        throw new IllegalStateException("the random device schedules nothing");
    }

    @Override
    public void save(StateWriter out) {
        out.section("random", 1);
        generator.save(out);
    }

    @Override
    public void restore(StateReader in) {
        in.section("random", 1);
        generator.restore(in);
    }
}
