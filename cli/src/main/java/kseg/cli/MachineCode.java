package kseg.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine code that HotSpot makes of a region. HotSpot tells only on its own standard output,
 * and in hexadecimal, so another JVM is started that compiles the region and nothing else; the
 * host's objdump makes it readable.
 */
final class MachineCode {
    private static final Pattern LINE = Pattern.compile("  0x([0-9a-f]+): ([0-9a-f |]+)");
    private static final Pattern DISASSEMBLED = Pattern.compile(" *[0-9a-f]+:\t.*");
    private static final String METHOD = "kseg.engine.compile.CompiledRegion*::run";

    /** objdump's names of what the JDK calls architectures. */
    private static final Map<String, String> MACHINES =
            Map.of("amd64", "i386:x86-64", "x86_64", "i386:x86-64", "aarch64", "aarch64");

    private MachineCode() {}

    /** What starts a JVM like this one: everything up to its main class; empty if unknown. */
    static List<String> thisJvm() {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        info.command().ifPresent(command::add);
        List<String> arguments = List.of(info.arguments().orElse(new String[0]));
        int main = arguments.indexOf("kseg.cli/" + Main.class.getName());
        if (command.isEmpty() || main < 0) {
            return List.of();
        }
        arguments.subList(0, main + 1).stream()
                .filter(argument -> !argument.startsWith("-XX:AOT"))
                .forEach(command::add);
        return command;
    }

    /**
     * Lines to print, which say why if there is no machine code.
     *
     * @param jvm see {@link #thisJvm}
     * @param file an ELF file
     */
    static List<String> of(List<String> jvm, Path file, int pc) {
        if (jvm.isEmpty()) {
            return List.of(
                    "", "machine code: not shown, this system does not tell how Kseg was started");
        }
        try {
            String told = run(compiling(jvm, file, pc));
            byte[] code = parse(told);
            if (code.length == 0) {
                return List.of("", "machine code: not shown, HotSpot did not compile the region");
            }
            var lines =
                    new ArrayList<>(List.of("", "machine code, %d bytes:".formatted(code.length)));
            lines.addAll(readable(code));
            return lines;
        } catch (IOException e) {
            return List.of("", "machine code: not shown, " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static List<String> compiling(List<String> jvm, Path file, int pc) {
        var command = new ArrayList<String>();
        command.add(jvm.getFirst());
        command.addAll(
                List.of(
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-Xcomp",
                        "-XX:-TieredCompilation",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly," + METHOD,
                        "-XX:CompileCommand=print," + METHOD));
        command.addAll(jvm.subList(1, jvm.size()));
        command.addAll(
                List.of("disas", "--jit", "--call", "--from=0x%08x".formatted(pc), "" + file));
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } finally {
            process.destroy();
        }
    }

    /** The method's instructions, from what HotSpot prints; its handlers and stubs left out. */
    static byte[] parse(String told) {
        var hex = new StringBuilder();
        boolean within = false;
        for (String line : told.lines().toList()) {
            if (line.startsWith("[MachCode]")) {
                within = true;
            } else if (line.startsWith("[Exception Handler]")
                    || line.startsWith("[Stub Code]")
                    || line.startsWith("[/MachCode]")) {
                within = false;
            }
            Matcher bytes = LINE.matcher(line);
            if (within && bytes.matches()) {
                hex.append(bytes.group(2).replaceAll("[ |]", ""));
            }
        }
        return HexFormat.of().parseHex(hex);
    }

    private static List<String> readable(byte[] code) throws IOException, InterruptedException {
        String machine = MACHINES.get(System.getProperty("os.arch", ""));
        Path file = Files.createTempFile("kseg", ".code");
        try {
            Files.write(file, code);
            if (machine != null) {
                List<String> objdump =
                        List.of("objdump", "-D", "-b", "binary", "-m", machine, "" + file);
                return run(objdump)
                        .lines()
                        .filter(line -> DISASSEMBLED.matcher(line).matches())
                        .toList();
            }
        } catch (IOException e) {
            // Without objdump: below.
        } finally {
            Files.deleteIfExists(file);
        }
        return hexadecimal(code);
    }

    private static List<String> hexadecimal(byte[] code) {
        var lines = new ArrayList<String>();
        lines.add(
                "(in hexadecimal; to have it disassembled, install objdump, which is in binutils)");
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int i = 0; i < code.length; i += 16) {
            int end = Math.min(i + 16, code.length);
            lines.add("%5x: %s".formatted(i, hex.formatHex(code, i, end)));
        }
        return lines;
    }
}
