package kseg.engine;

/**
 * What the compiler of a family of machines is given by whoever creates it. Nothing here shows in
 * what a guest does.
 *
 * @param translations may be shared with other machines
 */
public record CompilerSupport(TranslationStore translations) {
    /** A compiler that is left to itself. */
    public static CompilerSupport none() {
        return new CompilerSupport(new TranslationStore());
    }
}
