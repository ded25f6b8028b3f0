package kseg.image;

/**
 * Debugging information that cannot be what a compiler wrote. Never leaves this package: nothing
 * needs debugging information to run, so a reader that meets this answers that it knows nothing.
 */
final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what, null, false, false);
    }
}
