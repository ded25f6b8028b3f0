package kseg.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import kseg.config.UserError;
import kseg.config.UserErrorException;

/** What Kseg itself has to say: lines on standard error that start with the program's name. */
final class Messages {
    private final PrintStream err;
    private final String prefix;
    private String end = "\n";
    private String untold = "";
    private Runnable before = () -> {};

    Messages(PrintStream err) {
        this(err, Face.KSEG);
    }

    Messages(PrintStream err, Face face) {
        this.err = err;
        prefix = face.prefix() + ": ";
    }

    /** Ends lines with a carriage return and a line feed, as System/161 does on a terminal. */
    void endLinesWithReturns() {
        end = "\r\n";
    }

    /** Shows names of files in a directory as relative to it, as they are for who works there. */
    void relativeTo(Path directory) {
        untold = directory + "/";
    }

    private String told(String text) {
        return untold.isEmpty() ? text : text.replace(untold, "");
    }

    /** Does something before each message: flush the console, finish its line. */
    void beforeEach(Runnable action) {
        before = action;
    }

    /** Prints text of one or more lines. */
    void say(String text) {
        before.run();
        told(text).lines().forEach(line -> err.print(prefix + line + end));
        err.flush();
    }

    /** The stream itself, for what is no message. */
    PrintStream stream() {
        return err;
    }

    /** Prints text as it is, with nothing before its lines. */
    void print(String text) {
        before.run();
        err.print(told(text));
        err.flush();
    }

    void errors(UserErrorException e) {
        for (UserError error : e.errors()) {
            say(error.message());
        }
    }
}
