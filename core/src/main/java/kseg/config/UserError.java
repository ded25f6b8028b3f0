package kseg.config;

/**
 * Something the user can put right: what is wrong, where, and what to do about it.
 *
 * <p>User errors are printed without a stack trace. They are never used for faults of the guest
 * (those are exits of a run) nor for our own bugs.
 */
public sealed interface UserError {

    /** What is wrong, one sentence without a full stop. */
    String what();

    /** Where: {@code file:line:column}, a file, an option; empty if the command line as a whole. */
    String where();

    /** What to do about it; empty if we have no good advice. */
    String hint();

    /** A mistake in a configuration file or in an option that edits it. */
    record Config(Place place, String what, String hint) implements UserError {
        @Override
        public String where() {
            return place.toString();
        }
    }

    /** A boot image that cannot be used; {@code offset} is the byte of the file that says so. */
    record Image(String file, long offset, String what, String hint) implements UserError {
        @Override
        public String where() {
            return file + ": offset 0x" + Long.toHexString(offset);
        }
    }

    /** A command line that makes no sense. */
    record Usage(String what, String hint) implements UserError {
        @Override
        public String where() {
            return "";
        }
    }

    /**
     * A file or another resource of the host that is missing, locked, unreadable or of the wrong
     * size.
     */
    record Host(String where, String what, String hint) implements UserError {}

    /**
     * The error as it is shown: place and fault on the first line, the advice indented on the next.
     */
    default String message() {
        String first = where().isEmpty() ? what() : where() + ": " + what();
        return hint().isEmpty() ? first : first + "\n    " + hint();
    }
}
