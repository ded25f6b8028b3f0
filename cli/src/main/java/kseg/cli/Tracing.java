package kseg.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Set;
import java.util.stream.Collectors;
import kseg.config.UserErrorException;
import kseg.machine.Machine;
import kseg.port.CharPort;
import kseg.port.TraceKind;
import org.jspecify.annotations.Nullable;

/** The trace of a run, if there is one, and how it shares its stream with console and messages. */
final class Tracing implements AutoCloseable {
    private final @Nullable TraceOutput output;
    private final Set<TraceKind> kinds;

    private final Console console;

    /** What the trace has to do with the guest's console. */
    private enum Console {
        /** Nothing. */
        APART,
        /** They are on one stream. */
        SHARED,
        /** The trace is in a file, which repeats the console's characters. */
        REPEATED
    }

    private Tracing(@Nullable TraceOutput output, Set<TraceKind> kinds, Console console) {
        this.output = output;
        this.kinds = kinds;
        this.console = console;
    }

    /** What the options ask for. sys161 has no trace, and trace161 always one. */
    static Tracing open(Host host, Face face, TraceOptions options, ConsoleOutput guest)
            throws UserErrorException {
        if (face == Face.SYS161 || face != Face.TRACE161 && !options.wanted()) {
            return new Tracing(null, Set.of(), Console.APART);
        }
        Set<TraceKind> kinds = options.kinds();
        String file = options.file;
        Runnable nothing = () -> {};
        if (file != null && !file.equals("-")) {
            OutputStream out = TraceOutput.create(host.path(file));
            return new Tracing(output(options, out, nothing), kinds, Console.REPEATED);
        }
        boolean shared = file != null || host.isOneStream();
        PrintStream stream = file != null ? host.out() : host.messages().stream();
        Runnable before = shared ? guest::startLine : nothing;
        Console relation = shared ? Console.SHARED : Console.APART;
        return new Tracing(output(options, new Unclosed(stream), before), kinds, relation);
    }

    private static TraceOutput output(TraceOptions options, OutputStream out, Runnable before) {
        return options.format == TraceOptions.Format.JSON
                ? new TraceOutput.Json(out, before)
                : new TraceOutput.Text(out, before);
    }

    /** The console's port: the trace sees what goes there. */
    CharPort around(ConsoleOutput guest) {
        TraceOutput trace = output;
        if (trace == null) {
            return guest;
        }
        return switch (console) {
            case APART -> guest;
            case SHARED ->
                    character -> {
                        trace.makeWay();
                        guest.put(character);
                    };
            case REPEATED ->
                    character -> {
                        guest.put(character);
                        trace.console(character);
                    };
        };
    }

    /** Somebody else writes on the trace's stream. */
    void makeWay() {
        if (output != null) {
            output.makeWay();
        }
    }

    /** Begins, and says so as trace161 does. */
    void start(Machine machine, Messages messages) {
        if (output == null) {
            return;
        }
        machine.trace(output, kinds);
        if (!kinds.isEmpty()) {
            messages.say(
                    kinds.stream()
                            .map(TraceKind::title)
                            .collect(Collectors.joining(" ", "Tracing enabled: ", " ")));
        }
    }

    @Override
    public void close() {
        if (output != null) {
            output.close();
        }
    }

    /** A stream of the process. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
