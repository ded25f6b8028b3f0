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
}
