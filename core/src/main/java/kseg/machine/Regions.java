package kseg.machine;

import java.util.Optional;
import kseg.engine.RegionListing;
import kseg.engine.compile.RegionPreview;
import kseg.image.ElfImage;

/** What the compiler makes of a program, for people to read. */
public final class Regions {
    private Regions() {}

    /**
     * The region that would be compiled at an address if it got hot now; empty if nothing can be
     * compiled there. Of a kernel's address in kernel mode, else in user mode.
     */
    public static Optional<RegionListing> compile(ElfImage image, int pc) {
        return RegionPreview.at(image, pc);
    }

    /**
     * Has this JVM run a region's method once, with nothing to do: what it makes of the method can
     * then be seen by its diagnostic options.
     *
     * @param pc where it was compiled
     */
    public static void call(RegionListing region, int pc) {
        RegionPreview.call(region, pc >= 0);
    }
}
