package kseg.port;

/** A file operation the host does not grant. An answer for the guest, not a failure of the host. */
public final class FileRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** There is no such file, or it is outside the directory. */
        BAD_PATH,
        /** The size or offset is not possible. */
        BAD_SIZE,
        EXISTS,
        IS_DIRECTORY,
        NOT_DIRECTORY,
        /** The host's device failed. */
        MEDIA,
        NO_SPACE,
        /** The object opened earlier is not there any more. */
        GONE,
        /** Anything else, such as a lack of permission. */
        UNKNOWN
    }

    private final Reason reason;

    public FileRefusedException(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
