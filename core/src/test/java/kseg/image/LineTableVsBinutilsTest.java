package kseg.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agreement with addr2line on kernel sources, compiled here in every way that gcc offers. */
class LineTableVsBinutilsTest {
    private static final String PREFIX = "mips-linux-gnu-";
    private static final Path KERNEL = Path.of("../guests/kernel");

    /** Enough to have several units, headers and inlined functions. */
    private static final List<String> SOURCES = List.of("sched.c", "trap.S");

    private static final List<List<String>> WAYS =
            List.of(
                    List.of("-gdwarf-2", "-gno-as-loc-support"),
                    List.of("-gdwarf-4", "-gno-as-loc-support", "-ffunction-sections"),
                    List.of("-gdwarf-5", "-gno-as-loc-support", "-O0"),
                    List.of("-g", "-Wa,--gdwarf-5", "-ffunction-sections"));

    private static final int DATA = 0x20000;

    @TempDir private Path directory;

    @BeforeAll
    static void needsTheCrossCompiler() {
        for (String tool : List.of("gcc", "ld", "addr2line")) {
            assumeTrue(
                    Arrays.stream(System.getenv("PATH").split(":"))
                            .anyMatch(path -> Files.isExecutable(Path.of(path, PREFIX + tool))),
                    "SKIPPED: install the package gcc-mips-linux-gnu");
        }
    }

    @Test
    void sameLinesWhateverTheVersion() throws Exception {
        for (List<String> way : WAYS) {
            Path linked = build(way);
            ElfImage image = ElfImage.parse(Files.readAllBytes(linked), "linked");
            List<Integer> addresses = code(image);
            List<String> expected = addr2line(linked, addresses);
            assertThat(image.lines().fault()).isEmpty();
            assertThat(addresses).hasSizeGreaterThan(500);
            List<String> found = found(image.lines(), addresses);
            List<String> different = new ArrayList<>();
            for (int i = 0; i < expected.size(); i++) {
                if (!found.get(i).equals(expected.get(i))) {
                    different.add(
                            "%x: %s, not %s"
                                    .formatted(addresses.get(i), found.get(i), expected.get(i)));
                }
            }
            assertThat(different).as("%s", way).isEmpty();
            assertThat(expected).filteredOn(line -> !line.equals("?")).hasSizeGreaterThan(500);
        }
    }

    private Path build(List<String> way) throws Exception {
        List<String> objects = new ArrayList<>();
        for (String source : SOURCES) {
            List<String> command = new ArrayList<>(List.of("gcc", "-EB", "-mips1", "-mabi=32"));
            command.addAll(List.of("-msoft-float", "-mno-abicalls", "-fno-pic", "-G0", "-O2"));
            command.addAll(List.of("-std=gnu11", "-ffreestanding", "-nostdlib"));
            command.addAll(way);
            String object = directory.resolve(source + ".o").toString();
            command.addAll(List.of("-c", "-o", object, KERNEL.resolve(source).toString()));
            run("", command);
            objects.add(object);
        }
        Path linked = directory.resolve("linked");
        List<String> link = new ArrayList<>(List.of("ld", "-EB", "-m", "elf32btsmip", "-n"));
        link.addAll(List.of("--unresolved-symbols=ignore-all", "-Ttext=0x10000", "-e", "0"));
        link.addAll(List.of("-o", linked.toString()));
        link.addAll(objects);
        run("", link);
        return linked;
    }

    private static List<Integer> code(ElfImage image) {
        List<Integer> addresses = new ArrayList<>();
        for (ElfImage.Segment segment : image.segments()) {
            if (segment.loadable() && segment.executable()) {
                int end = segment.vaddr() + segment.copyBytes();
                // addr2line knows lines of variables too; the linker puts them behind this.
                for (int at = segment.vaddr(); at < Math.min(end, DATA); at += 4) {
                    addresses.add(at);
                }
            }
        }
        return addresses;
    }

    private static List<String> found(LineTable lines, List<Integer> addresses) {
        List<String> found = new ArrayList<>();
        for (int vaddr : addresses) {
            found.add(lines.at(vaddr).map(line -> line.file() + ":" + line.line()).orElse("?"));
        }
        return found;
    }

    private List<String> addr2line(Path linked, List<Integer> addresses) throws Exception {
        StringBuilder input = new StringBuilder();
        addresses.forEach(vaddr -> input.append(Integer.toHexString(vaddr)).append('\n'));
        String output = run(input.toString(), List.of("addr2line", "-e", linked.toString()));
        return output.lines()
                .map(line -> line.replaceFirst(" \\(discriminator.*", ""))
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .map(line -> line.startsWith("?") || line.endsWith(":?") ? "?" : line)
                .toList();
    }

    private String run(String input, List<String> command) throws IOException {
        List<String> full = new ArrayList<>(command);
        full.set(0, PREFIX + command.getFirst());
        Path in = Files.writeString(directory.resolve("in"), input);
        Process process =
                new ProcessBuilder(full)
                        .redirectInput(in.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }
}
