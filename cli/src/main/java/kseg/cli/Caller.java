package kseg.cli;

import java.util.Map;
import java.util.Optional;
import kseg.engine.TranslationStore;
import kseg.machine.HostWorkers;

/**
 * The process whose command this is, as far as a command sees it besides its streams. Usually that
 * is the process itself; a daemon runs commands of others.
 */
interface Caller {
    /** A process of which nothing is known: no terminal, no environment. */
    Caller UNKNOWN = new Unknown();

    /** What a descriptor is open on, by the name Linux gives it; empty if that is not known. */
    String target(int descriptor);

    /** Whether a descriptor is a terminal's that makes two characters of each line feed. */
    boolean mapsLineFeeds(int descriptor);

    /** Whether standard input is a file, and so is there from its beginning to its end. */
    boolean inputIsFile();

    /**
     * What is typed at the terminal on standard input, which becomes transparent; empty if standard
     * input is none.
     *
     * @param keepSignals whether ^C, ^Z and ^\ stay signals
     */
    Optional<ConsoleInput> terminal(boolean keepSignals);

    Map<String, String> environment();

    long pid();

    /** Whether it wants the command to end. Asked again and again while a machine runs. */
    boolean wantsEnd();

    /** Translations its machine may use and add to. */
    TranslationStore translations();

    /**
     * Those whose machines have ended may go on with its machine.
     *
     * @param fingerprint of the kernel it runs
     * @param file the kernel's
     */
    HostWorkers workers(String fingerprint, String file);

    /** Told of an error after which this JVM may not be sound any more. */
    void failed();

    /** See {@link #UNKNOWN}. */
    class Unknown implements Caller {
        @Override
        public String target(int descriptor) {
            return "";
        }

        @Override
        public boolean mapsLineFeeds(int descriptor) {
            return false;
        }

        @Override
        public boolean inputIsFile() {
            return true;
        }

        @Override
        public Optional<ConsoleInput> terminal(boolean keepSignals) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public boolean wantsEnd() {
            return false;
        }

        @Override
        public TranslationStore translations() {
            return new TranslationStore();
        }

        @Override
        public HostWorkers workers(String fingerprint, String file) {
            return HostWorkers.none();
        }

        @Override
        public void failed() {}
    }
}
