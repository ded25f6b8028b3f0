package kseg.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import kseg.port.HostFailureException;
import kseg.port.TraceKind;
import kseg.port.TraceSink;

/**
 * A trace on its way to a file or a stream: in System/161's text, or as JSON, an object a line.
 *
 * <p>Not thread-safe: the machine's owner.
 */
abstract sealed class TraceOutput implements TraceSink, AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream out;
    private final Runnable before;

    /**
     * @param before what has to be done before anything is written
     */
    private TraceOutput(OutputStream out, Runnable before) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.before = before;
    }

    /** Opens a file for a trace. */
    static OutputStream create(Path file) throws UserErrorException {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw HostErrors.of(file, e, "-f wants a file that can be written");
        }
    }

    /** The guest has printed a character. */
    abstract void console(int character);

    /** Somebody else writes on the same stream: ends the line and lets everything out. */
    abstract void makeWay();

    final void write(String text) {
        before.run();
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    final void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        makeWay();
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static HostFailureException failed(IOException e) {
        return new HostFailureException("the trace: " + HostErrors.reason(e), e);
    }

    /** System/161's text: a line begins with who says it, and goes on while the same one speaks. */
    static final class Text extends TraceOutput {
        private static final String[] ESCAPES = {"a", "b", "t", "n", "v", "f", "r"};

        private boolean midLine;
        private int speaker = HARDWARE;

        Text(OutputStream out, Runnable before) {
            super(out, before);
        }

        @Override
        public void piece(TraceKind kind, long cycle, int cpu, String text, boolean endsLine) {
            if (midLine && cpu != speaker) {
                write("\n");
                midLine = false;
            }
            String start = cpu == HARDWARE ? "trace: -- " : "trace: %02x ".formatted(cpu);
            write((midLine ? "" : start) + text + (endsLine ? "\n" : ""));
            midLine = !endsLine;
            speaker = cpu;
        }

        @Override
        void console(int character) {
            makeRoom();
            String shown = shown(character);
            write("console: `%s' (%d / 0x%x)\n".formatted(shown, character, character));
        }

        private static String shown(int character) {
            if (character >= 7 && character <= 13) {
                return "\\" + ESCAPES[character - 7];
            }
            boolean printable =
                    character >= 32 && character < 127 || character >= 160 && character < 255;
            return printable
                    ? Character.toString(character)
                    : "\\" + Integer.toHexString(character >>> 4);
        }

        @Override
        void makeWay() {
            makeRoom();
            flush();
        }

        private void makeRoom() {
            if (midLine) {
                write("\n");
                midLine = false;
            }
        }
    }

    /** An object for each line; an instruction and its result are one. */
    static final class Json extends TraceOutput {
        private final StringBuilder begun = new StringBuilder();
        private long begunCycle;
        private int begunCpu;
        private TraceKind begunKind = TraceKind.KERNEL;

        Json(OutputStream out, Runnable before) {
            super(out, before);
        }

        @Override
        public void piece(TraceKind kind, long cycle, int cpu, String text, boolean endsLine) {
            boolean goesOn = !begun.isEmpty() && kind == begunKind && cpu == begunCpu;
            if (goesOn && text.startsWith("at ")) {
                finish();
                goesOn = false;
            }
            if (endsLine && !goesOn) {
                object(kind, cycle, cpu, text);
                return;
            }
            if (!goesOn) {
                finish();
                begunKind = kind;
                begunCycle = cycle;
                begunCpu = cpu;
            }
            begun.append(text);
            if (endsLine) {
                finish();
            }
        }

        private void finish() {
            if (!begun.isEmpty()) {
                String text = begun.toString();
                begun.setLength(0);
                object(begunKind, begunCycle, begunCpu, text);
            }
        }

        private void object(TraceKind kind, long cycle, int cpu, String text) {
            String who = cpu == HARDWARE ? "" : "\"cpu\":" + cpu + ",";
            line(cycle, who + "\"kind\":\"" + kind.title() + "\"", text.strip());
        }

        private void line(long cycle, String fields, String text) {
            write(
                    "{\"cycle\":%d,%s,\"text\":%s}\n"
                            .formatted(cycle, fields, JsonWriter.quoted(text)));
        }

        @Override
        void console(int character) {
            String kind = "\"kind\":\"console\"";
            write("{%s,\"character\":%d}\n".formatted(kind, character));
        }

        @Override
        void makeWay() {
            finish();
            flush();
        }
    }
}
