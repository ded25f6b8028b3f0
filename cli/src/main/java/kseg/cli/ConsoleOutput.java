package kseg.cli;

import java.io.PrintStream;
import kseg.port.CharPort;
import kseg.port.HostFailureException;

/**
 * The guest's console on standard output. Characters are collected and written at the end of every
 * slice of the run; the column is known, so that a message can start on a line of its own.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class ConsoleOutput implements CharPort {
    private static final int ENOUGH = 4096;

    private final PrintStream out;
    private final PromptWatcher watcher;
    private final boolean heard;
    private final byte[] pending = new byte[ENOUGH];
    private int count;
    private boolean midLine;
    private long written;
    private boolean returns;
    private final RecentText recent = new RecentText();

    /**
     * @param heard whether a terminal shows the output
     */
    ConsoleOutput(PrintStream out, PromptWatcher watcher, boolean heard) {
        this.out = out;
        this.heard = heard;
        this.watcher = watcher;
    }

    /** Writes a carriage return before each line feed, as System/161 does on a terminal. */
    void addReturns() {
        returns = true;
    }

    @Override
    public void put(int character) {
        appendWithReturn(character);
        midLine = character != '\n';
        written++;
        watcher.see((byte) character);
        recent.add(character);
    }

    private void appendWithReturn(int character) {
        if (returns && character == '\n') {
            append('\r');
        }
        append(character);
    }

    private void append(int character) {
        pending[count++] = (byte) character;
        if (count == ENOUGH) {
            flush();
        }
    }

    /** The bell: heard where somebody listens, told otherwise. */
    void beep(Messages messages) {
        if (heard) {
            put(0x07);
        } else {
            messages.say("[BEEP]");
        }
    }

    /** The end of what the guest has written. */
    RecentText recent() {
        return recent;
    }

    /** Characters the guest has written so far. */
    long written() {
        return written;
    }

    /**
     * Hands everything to the host.
     *
     * @throws HostFailureException when it does not take it
     */
    void flush() {
        if (count > 0) {
            out.write(pending, 0, count);
            count = 0;
            if (out.checkError()) {
                throw new HostFailureException("standard output: cannot be written any more");
            }
        }
    }

    /** Ends a line the guest has begun, if there is one. */
    void startLine() {
        flush();
        if (midLine) {
            appendWithReturn('\n');
            midLine = false;
            flush();
        }
    }
}
