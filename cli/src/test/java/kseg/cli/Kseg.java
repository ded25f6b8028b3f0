package kseg.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs kseg commands inside the test, with input given and output caught. */
final class Kseg {
    /** What a command did. */
    record Result(int code, String out, String err) {}

    private final Path directory;
    private String input = "";

    Kseg(Path directory) {
        this.directory = directory;
    }

    Kseg input(String text) {
        input = text;
        return this;
    }

    Result run(String... args) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        Messages messages =
                new Messages(new PrintStream(err, true, StandardCharsets.UTF_8), Face.of(args));
        PrintStream stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = Main.run(new Host(in, stdout, messages, directory, Caller.UNKNOWN), args);
        return new Result(code, text(out), text(err));
    }

    private String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(directory + "/", "");
    }
}
