package kseg.journal;

/** A replay asks for something else than the journal holds: another machine, image or version. */
public final class ReplayMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReplayMismatchException(String what) {
        super(what);
    }
}
