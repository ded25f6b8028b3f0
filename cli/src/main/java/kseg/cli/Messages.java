package kseg.cli;

import java.io.PrintStream;
import kseg.config.UserError;
import kseg.config.UserErrorException;

/** What Kseg itself has to say: lines on standard error that start with {@code kseg: }. */
final class Messages {
    private final PrintStream err;
    private Runnable before = () -> {};

    Messages(PrintStream err) {
        this.err = err;
    }

    /** Does something before each message: flush the console, finish its line. */
    void beforeEach(Runnable action) {
        before = action;
    }

    /** Prints text of one or more lines. */
    void say(String text) {
        before.run();
        text.lines().forEach(line -> err.print("kseg: " + line + "\n"));
        err.flush();
    }

    void errors(UserErrorException e) {
        for (UserError error : e.errors()) {
            say(error.message());
        }
    }
}
