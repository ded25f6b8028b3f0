package kseg.port;

/** The host failed the machine (I/O error, disk full). The machine stops with the evidence. */
public final class HostFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HostFailureException(String what, Throwable cause) {
        super(what, cause);
    }

    public HostFailureException(String what) {
        super(what);
    }
}
