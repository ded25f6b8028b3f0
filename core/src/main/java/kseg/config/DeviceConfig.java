package kseg.config;

import java.util.OptionalLong;

/**
 * One device of a System/161 machine as its configuration line describes it. Values are in range
 * and consistent; paths are as written, relative to the directory the run starts in.
 */
public sealed interface DeviceConfig {

    /**
     * The bus controller of slot 31, which brings memory and processors.
     *
     * @param ramBytes memory, a multiple of 4096, at most {@link Sys161Config#MAX_RAM_BYTES}
     * @param cpus processors, 1 to 32
     * @param old the uniprocessor board of System/161 1.x ({@code oldmainboard}, {@code busctl})
     */
    record Mainboard(long ramBytes, int cpus, boolean old) implements DeviceConfig {}

    /** A clock and countdown timer. */
    record TimerConfig() implements DeviceConfig {}

    /**
     * A disk on an image file.
     *
     * @param rpm revolutions per minute, a multiple of 60
     * @param createSectors 512-byte sectors of the image to create if the file is missing; empty:
     *     never create
     * @param paranoid force every write to the host's disk
     * @param doomed whether writes count towards the doom counter
     */
    record DiskConfig(
            String file, int rpm, OptionalLong createSectors, boolean paranoid, boolean doomed)
            implements DeviceConfig {}

    /** The serial console. */
    record SerialConfig() implements DeviceConfig {}

    /** The text screen (which System/161 documents and never built). */
    record ScreenConfig() implements DeviceConfig {}

    /**
     * A network card.
     *
     * @param hwaddr its address, 1 to 65534
     * @param hub socket of the hub it is plugged into
     */
    record NicConfig(int hwaddr, String hub) implements DeviceConfig {}

    /** The pass-through file system, confined to {@code dir}. */
    record EmufsConfig(String dir) implements DeviceConfig {}

    /** The trace control device. */
    record TraceConfig() implements DeviceConfig {}

    /**
     * The random generator.
     *
     * @param seed 32-bit seed; meaningless with {@code autoseed}
     * @param autoseed whether the seed is drawn from the host once at start, and recorded
     */
    record RandomConfig(int seed, boolean autoseed) implements DeviceConfig {}
}
