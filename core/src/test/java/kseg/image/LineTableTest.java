package kseg.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import kseg.config.UserErrorException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lines of images that gcc has made of {@code lines.c}, as binutils see them; {@code
 * build-fixtures} makes both.
 */
class LineTableTest {
    private static final Path FIXTURES = Path.of("src/test/resources/kseg/image");
    private static final int TEXT = 0x80001000;

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(FIXTURES.resolve(name));
    }

    private static ElfImage image(String name) throws IOException, UserErrorException {
        return ElfImage.parse(fixture(name), name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lines-2.elf",
                "lines-3.elf",
                "lines-4.elf",
                "lines-5.elf",
                "lines-5-little.elf",
                "lines-assembler.elf"
            })
    void everyAddressHasItsLine(String name) throws Exception {
        LineTable lines = image(name).lines();
        assertThat(lines.fault()).isEmpty();
        List<String> expected = Files.readAllLines(FIXTURES.resolve("lines.txt"));
        assertThat(expected).hasSizeGreaterThan(80);
        for (String row : expected) {
            int vaddr = Integer.parseUnsignedInt(row.substring(0, 8), 16);
            assertThat(lines.at(vaddr).orElseThrow()).as(row).hasToString(row.substring(9));
        }
        assertThat(lines.at(TEXT - 4)).isEmpty();
        assertThat(lines.at(TEXT + 4 * expected.size() + 16)).isEmpty();
        assertThat(lines.at(0)).isEmpty();
    }

    @Test
    void framesOfAFunctionChangeWithItsPrologue() throws Exception {
        ElfImage image = image("lines-5.elf");
        int deep = image.symbols().named("deep").orElseThrow().vaddr();
        CallFrame entry = image.callFrames().at(deep).orElseThrow();
        assertThat(entry.cfaRegister()).isEqualTo(29);
        assertThat(entry.cfaOffset()).isZero();
        assertThat(entry.rule(31)).isEqualTo(CallFrame.Rule.SAME);
        CallFrame inside = image.callFrames().at(deep + 0x40).orElseThrow();
        assertThat(inside.cfaOffset()).isPositive();
        assertThat(inside.rule(31)).isEqualTo(CallFrame.Rule.SAVED);
        assertThat(inside.offset(31)).isEqualTo(-4);
        assertThat(image.callFrames().at(0x1000)).isEmpty();
    }

    @Test
    void filesWithoutDebuggingInformationHaveNoLines() throws Exception {
        ElfImage image = ElfImage.parse(TinyElf.kernel().build(), "tiny");
        assertThat(image.lines().isEmpty()).isTrue();
        assertThat(image.lines().fault()).isEmpty();
        assertThat(image.callFrames().at(0x80000200)).isEmpty();
    }

    @Test
    void sectionsThatCannotBeReadAreNamed() throws Exception {
        byte[] file = fixture("lines-5.elf");
        int header = sectionHeader(file, ".debug_line");
        byte[] compressed = file.clone();
        compressed[header + 10] |= 0x08; // SHF_COMPRESSED
        assertThat(ElfImage.parse(compressed, "c").lines().fault())
                .isEqualTo(".debug_line is compressed, which Kseg does not read");
        byte[] outside = file.clone();
        outside[header + 20] = 0x7f; // its size
        assertThat(ElfImage.parse(outside, "o").lines().fault())
                .isEqualTo(".debug_line lies outside the file");
    }

    private static int sectionHeader(byte[] file, String name) {
        var bytes = java.nio.ByteBuffer.wrap(file);
        int headers = bytes.getInt(32);
        int names = bytes.getInt(headers + 40 * bytes.getShort(50) + 16);
        for (int i = 0; i < bytes.getShort(48); i++) {
            int string = names + bytes.getInt(headers + 40 * i);
            byte[] here = Arrays.copyOfRange(file, string, string + name.length() + 1);
            if (new String(here, StandardCharsets.US_ASCII).equals(name + "\0")) {
                return headers + 40 * i;
            }
        }
        throw new AssertionError("no section " + name);
    }

    /** Whatever happens to the bytes: an answer, soon, and no exception. */
    @Test
    void damageIsSurvived() throws Exception {
        List<byte[]> files =
                List.of(fixture("lines-2.elf"), fixture("lines-5.elf"), fixture("lines-4.elf"));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> mutate(files));
    }

    private static void mutate(List<byte[]> files) {
        SplittableRandom random = new SplittableRandom(161);
        int found = 0;
        int different = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] file = files.get(round % files.size()).clone();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                // What is behind the code: debugging information and section headers.
                int at = 0x1f0 + random.nextInt(file.length - 0x1f0);
                file[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xff;
            }
            try {
                ElfImage image = ElfImage.parse(file, "mutant");
                LineTable lines = image.lines();
                CallFrames frames = image.callFrames();
                for (int offset = 0; offset < 0x180; offset += 0x20) {
                    boolean any = lines.at(TEXT + offset).isPresent();
                    found += any ? 1 : 0;
                    different += any ? 0 : 1;
                    frames.at(TEXT + offset);
                }
            } catch (UserErrorException e) {
                assertThat(Objects.requireNonNull(e.getMessage())).startsWith("mutant: ");
            }
        }
        assertThat(found).isGreaterThan(1000);
        assertThat(different).isGreaterThan(1000);
    }
}
