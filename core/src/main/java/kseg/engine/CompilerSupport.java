package kseg.engine;

/**
 * What the compiler of a family of machines is given by whoever creates it. Nothing here shows in
 * what a guest does.
 *
 * @param translations may be shared with other machines
 * @param profile what earlier runs of the same image found worth compiling
 * @param listener is told what becomes of regions
 */
public record CompilerSupport(
        TranslationStore translations, RegionProfile profile, RegionListener listener) {
    /** A compiler that is left to itself. */
    public static CompilerSupport none() {
        return new CompilerSupport(
                new TranslationStore(), RegionProfile.EMPTY, RegionListener.NONE);
    }
}
