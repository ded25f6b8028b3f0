package kseg.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
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
    private static final Pattern COMPILED =
            Pattern.compile("Compiled method .*CompiledRegion.*::(\\w+) .*");
    private static final String METHODS = "kseg.engine.compile.CompiledRegion*::";

    /** objdump's names of what the JDK calls architectures. */
    private static final Map<String, String> MACHINES =
            Map.of("amd64", "i386:x86-64", "x86_64", "i386:x86-64", "aarch64", "aarch64");

    private final Map<String, byte[]> methods;
    private final String fault;

    private MachineCode(Map<String, byte[]> methods, String fault) {
        this.methods = methods;
        this.fault = fault;
    }

    /**
     * Has HotSpot compile a region.
     *
     * @param jvm see {@link ThisJvm#command}
     * @param file an ELF file
     */
    static MachineCode of(List<String> jvm, Path file, int pc) {
        if (jvm.isEmpty()) {
            return new MachineCode(Map.of(), "this system does not tell how Kseg was started");
        }
        try {
            String told = run(compiling(jvm, file, pc));
            return new MachineCode(parse(told), "HotSpot did not compile it");
        } catch (IOException e) {
            return new MachineCode(Map.of(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new MachineCode(Map.of(), "interrupted");
        }
    }

    /** Lines to print about a method, which say why if there is no machine code. */
    List<String> lines(String method) {
        byte[] code = methods.get(method);
        if (code == null) {
            return List.of("", "machine code: not shown, " + fault);
        }
        var lines = new ArrayList<>(List.of("", "machine code, %d bytes:".formatted(code.length)));
        lines.addAll(readable(code));
        return lines;
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
                        "-XX:CompileCommand=compileonly," + METHODS + "r*",
                        "-XX:CompileCommand=print," + METHODS + "r*"));
        jvm.stream().skip(1).filter(word -> !word.startsWith("-XX:AOT")).forEach(command::add);
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

    /** The methods' instructions, from what HotSpot prints; their handlers and stubs left out. */
    static Map<String, byte[]> parse(String told) {
        var hex = new LinkedHashMap<String, StringBuilder>();
        var current = new StringBuilder();
        boolean within = false;
        for (String line : told.lines().toList()) {
            Matcher header = COMPILED.matcher(line);
            if (header.matches()) {
                current = new StringBuilder();
                hex.put(header.group(1), current);
            } else if (line.startsWith("[MachCode]")) {
                within = true;
            } else if (line.startsWith("[Exception Handler]")
                    || line.startsWith("[Stub Code]")
                    || line.startsWith("[/MachCode]")) {
                within = false;
            }
            Matcher bytes = LINE.matcher(line);
            if (within && bytes.matches()) {
                current.append(bytes.group(2).replaceAll("[ |]", ""));
            }
        }
        var methods = new LinkedHashMap<String, byte[]>();
        hex.forEach((name, digits) -> methods.put(name, HexFormat.of().parseHex(digits)));
        return methods;
    }

    private static List<String> readable(byte[] code) {
        String machine = MACHINES.get(System.getProperty("os.arch", ""));
        if (machine == null) {
            return hexadecimal(code);
        }
        try {
            Path file = Files.createTempFile("kseg", ".code");
            try {
                Files.write(file, code);
                List<String> objdump =
                        List.of("objdump", "-D", "-b", "binary", "-m", machine, "" + file);
                return run(objdump)
                        .lines()
                        .filter(line -> DISASSEMBLED.matcher(line).matches())
                        .toList();
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return hexadecimal(code); // without objdump
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return hexadecimal(code);
        }
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
