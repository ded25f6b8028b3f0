package kseg.engine.compile;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * What a generated class is linked to: handed to it as class data and read into its {@code static
 * final} fields, so that HotSpot sees constants. The maps as parameters would be 11 to 18 % slower
 * (DESIGN.md section 3).
 *
 * @param memory the frame pool
 * @param read page map of the region's mode, for loads and fetches
 * @param write page map of the region's mode, for stores
 * @param jumps where an indirect jump that leaves the region leaves a note
 * @param slots the regions it calls directly
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, shared on purpose
record Linkage(byte[] memory, int[] read, int[] write, Jumps jumps, Slot[] slots) {
    /** A place in a region's class that stands for "whatever is compiled for this address". */
    static final class Slot {
        Region region = Region.ABSENT;
    }

    /** The indirect jump that was the latest to leave a region for an address it does not hold. */
    static final class Jumps {
        /** Its address; 0 if there was none. */
        int from;

        @Nullable Region region;
    }

    /** The linkage of the class being initialised. */
    static Linkage of(MethodHandles.Lookup lookup) throws IllegalAccessException {
        return MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, Linkage.class);
    }
}
