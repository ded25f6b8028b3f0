package kseg.machine;

import kseg.engine.CompilerSupport;
import kseg.image.BootImage;

/**
 * A machine at power-on with its image in memory, from which any number of runs start, each with
 * its own seed.
 *
 * <p>The machines are one family: they share the frames they do not write, and so also what an
 * engine has made of the code in them. Each is in the state that {@link Machine#create} and {@link
 * Machine#load} would give it.
 *
 * <p>Not thread-safe: one thread owns it and its machines.
 */
public final class PowerOn implements AutoCloseable {
    private final Machine first;
    private final Machine.Snapshot loaded;
    private final BootImage image;
    private final String arguments;

    /**
     * Loads an image.
     *
     * @param ports a world like that of the runs, which this does not change
     * @param support its translations may be shared by the campaigns of several threads
     */
    public PowerOn(
            MachineSpec spec,
            BootImage image,
            String arguments,
            HostPorts ports,
            EngineKind engine,
            CompilerSupport support) {
        this.image = image;
        this.arguments = arguments;
        first = Machine.create(spec, ports.detached(), engine, support);
        first.load(image, arguments);
        loaded = first.snapshot();
    }

    /** A machine with this seed, to be closed before the next one is asked for or after. */
    public Machine machine(long seed, HostPorts ports) {
        return first.powerOn(first.spec().withSeed(seed), ports, loaded, image, arguments);
    }

    @Override
    public void close() {
        loaded.close();
        first.close();
    }
}
