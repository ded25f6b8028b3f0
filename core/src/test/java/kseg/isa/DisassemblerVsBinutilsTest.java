package kseg.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agreement with GNU as and objdump for MIPS on thousands of words. */
class DisassemblerVsBinutilsTest {
    private static final String PREFIX = "mips-linux-gnu-";
    private static final int BASE = 0x1000_0000;
    private static final int WORDS_PER_INSN = 200;

    @TempDir private Path directory;

    @BeforeAll
    static void needsBinutils() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, PREFIX + "objdump"))),
                "SKIPPED: install the package binutils-mips-linux-gnu");
    }

    /** What we write, GNU as turns into the word we read. */
    @Test
    void gnuAsAssemblesOurText() throws Exception {
        List<Integer> words = new ArrayList<>();
        var source = new StringBuilder(".set noreorder\n.set noat\n.set nomacro\n");
        for (Insn insn : Insn.values()) {
            for (int word : samples(insn)) {
                int pc = BASE + 4 * words.size();
                words.add(word);
                source.append(".set ")
                        .append(isMips1(insn, word) ? "mips1" : "mips32")
                        .append('\n');
                source.append(relative(insn, Disassembler.disassemble(word, pc), pc)).append('\n');
            }
        }
        Path text = Files.writeString(directory.resolve("a.s"), source);
        Path object = directory.resolve("a.o");
        Path binary = directory.resolve("a.bin");
        run("as", "-EB", "-mips1", "-o", object.toString(), text.toString());
        run("objcopy", "-O", "binary", "-j", ".text", object.toString(), binary.toString());

        ByteBuffer assembled = ByteBuffer.wrap(Files.readAllBytes(binary));
        String[] lines =
                source.toString().lines().filter(l -> !l.startsWith(".set")).toArray(String[]::new);
        for (int i = 0; i < words.size(); i++) {
            assertThat(Integer.toHexString(assembled.getInt()))
                    .as(lines[i])
                    .isEqualTo(Integer.toHexString(words.get(i)));
        }
    }

    /** What we write is, apart from aliases and number bases, what objdump writes. */
    @Test
    void objdumpWritesTheSame() throws Exception {
        for (boolean mips1 : new boolean[] {true, false}) {
            List<Integer> words = new ArrayList<>();
            for (Insn insn : Insn.values()) {
                if (insn != Insn.COP1) { // objdump knows its arithmetic, we do not
                    samples(insn).stream()
                            .filter(word -> isMips1(insn, word) == mips1)
                            .forEach(words::add);
                }
            }
            List<String> theirs = objdump(words, mips1 ? "mips:3000" : "mips:isa32");
            for (int i = 0; i < words.size(); i++) {
                String ours = Disassembler.disassemble(words.get(i), BASE + 4 * i);
                assertThat(normalise(expandAlias(ours)))
                        .as("%08x: %s", words.get(i), ours)
                        .isEqualTo(normalise(expandAlias(theirs.get(i))));
            }
        }
    }

    /** Random words of an instruction that set no bit it ignores. Reserved: many of opcode 0, 1. */
    private static List<Integer> samples(Insn insn) {
        var random = new Random(insn.match());
        int ignored = bitsNamed(insn, '-');
        List<Integer> words = new ArrayList<>();
        while (words.size() < WORDS_PER_INSN) {
            int word = insn.match() | random.nextInt() & ~insn.mask() & ~ignored;
            if (insn == Insn.RESERVED) {
                word = random.nextInt() & (random.nextBoolean() ? -1 : 0x07ff_ffff);
            } else if (insn.mask() == 0xfc00_0000 && insn.shape() == Shape.COP_OP) {
                word |= 1 << 25;
            }
            if (Decoder.ofEverything().decode(word) == insn && !isPeculiar(insn, word)) {
                words.add(word);
            }
        }
        return words;
    }

    /**
     * Links in its source register, undefined by the manual and refused by GNU as; or JALX, which
     * objdump knows on every processor.
     */
    private static boolean isPeculiar(Insn insn, int word) {
        if (insn == Insn.RESERVED) {
            return word >>> 26 == 0x1d;
        }
        int link = insn == Insn.JALR ? Fields.rd(word) : 31;
        return insn.has(Trait.LINK) && insn != Insn.JAL && Fields.rs(word) == link;
    }

    private static int bitsNamed(Insn insn, char letter) {
        int bits = 0;
        for (char c : insn.pattern().replace(" ", "").toCharArray()) {
            bits = bits << 1 | (c == letter ? 1 : 0);
        }
        return insn == Insn.RESERVED ? 0 : bits;
    }

    private static boolean isMips1(Insn insn, int word) {
        boolean select = (insn == Insn.MFC0 || insn == Insn.MTC0) && Fields.sel(word) != 0;
        return !insn.has(Trait.MIPS161_ONLY) && !select;
    }

    /** GNU as takes a numeric branch target for an offset from the section's start. */
    private static String relative(Insn insn, String text, int pc) {
        boolean branch =
                switch (insn.shape()) {
                    case BRANCH1, BRANCH2, COP_BRANCH -> true;
                    default -> false;
                };
        if (!branch) {
            return text;
        }
        int start = text.lastIndexOf("0x");
        int target = Integer.parseUnsignedInt(text.substring(start + 2), 16);
        return text.substring(0, start) + ". + " + (target - pc);
    }

    /** Objdump writes neg even when told to write no aliases. */
    private static String expandAlias(String text) {
        return text.equals("nop")
                ? "sll $zero, $zero, 0"
                : text.replaceFirst("^move (.*)", "or $1, \\$zero")
                        .replaceFirst("^neg(u?)\\s+(.*),", "sub$1 $2,\\$0,")
                        .replaceFirst("^li (.*),", "addiu $1, \\$zero,")
                        .replaceFirst("^b ", "beq \\$zero, \\$zero, ");
    }

    /** Single blanks, registers by number, numbers in decimal. */
    private static String normalise(String text) {
        String plain = text.replaceFirst("#.*", "").replaceAll("[\\s,()]+", " ").strip();
        return Pattern.compile("(?<= )(\\$[a-z]\\w*|-?(0x)?[0-9a-f]+)(?= |$)")
                .matcher(plain)
                .replaceAll(match -> {
                    String token = match.group();
                    if (token.startsWith("$f") && !token.equals("$fp")) {
                        return "\\" + token;
                    }
                    return token.startsWith("$")
                            ? "\\$" + Registers.parse(token)
                            : Long.toString(Long.decode(token).intValue());
                });
    }

    private List<String> objdump(List<Integer> words, String architecture) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.size());
        words.forEach(bytes::putInt);
        Path binary = Files.write(directory.resolve("words.bin"), bytes.array());
        String output =
                run(
                        "objdump",
                        "-D",
                        "-z",
                        "-EB",
                        "-b",
                        "binary",
                        "-m",
                        architecture,
                        "-M",
                        "no-aliases,reg-names=numeric",
                        "--adjust-vma=" + BASE,
                        binary.toString());
        return Pattern.compile("^ *[0-9a-f]+:\t[0-9a-f]{8} \t(.*)$", Pattern.MULTILINE)
                .matcher(output)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toList());
    }

    private static String run(String tool, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(PREFIX + tool));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
        return output;
    }
}
