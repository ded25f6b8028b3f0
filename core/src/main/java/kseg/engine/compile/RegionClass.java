package kseg.engine.compile;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import kseg.engine.Translation;

/**
 * A generated class, defined and linked. Its instances are the same code in different frames, and
 * share what HotSpot makes of it.
 *
 * @param memory the frame pool's bytes it is linked to
 * @param calls addresses of the regions it calls directly
 * @param bytecodes length of its longest method
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, shared on purpose
record RegionClass(MethodHandle constructor, byte[] memory, List<Integer> calls, int bytecodes) {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /**
     * Defines a translation's class and links it.
     *
     * @param resolving see {@link HostWorker#HostWorker(kseg.memory.FramePool,
     *     kseg.memory.PageMaps, boolean)}
     */
    static RegionClass define(Translation translation, Linkage linkage, boolean resolving) {
        MethodHandle constructor = define(translation.classFile(), linkage);
        if (resolving) {
            resolve(constructor.type().returnType());
        }
        return new RegionClass(
                constructor, linkage.memory(), translation.calls(), translation.bytecodes());
    }

    private static void resolve(Class<?> type) {
        try {
            LOOKUP.findVirtual(type, "run", RegionExits.RUN.resolveConstantDesc(LOOKUP));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot resolve a call of a compiled region", e);
        }
    }

    /** Defines a class; answers its constructor. */
    static MethodHandle define(byte[] classFile, Linkage linkage) {
        try {
            var lookup = LOOKUP.defineHiddenClassWithClassData(classFile, linkage, true);
            return lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot define a compiled region", e);
        }
    }

    /** A region that is not bound to frames yet. */
    Region instance(int key) {
        try {
            Region region = (Region) constructor.invoke();
            region.key = key;
            return region;
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) { // MethodHandle.invoke declares nothing narrower
            throw new IllegalStateException("cannot create a compiled region", e);
        }
    }
}
