package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.concurrent.TimeUnit;
import kseg.cpu.Cpu;
import kseg.engine.CodePages;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.isa.Insn;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCompilerTest {
    /** HotSpot never compiles a longer method (-XX:-DontCompileHugeMethods aside). */
    private static final int HUGE_METHOD_BYTES = 8000;

    /** A JVM that compiles a block before anything else touches java.lang.constant. */
    static final class FirstTouch {
        private FirstTouch() {}

        public static void main(String[] args) {
            long[] page = decode("addiu $t0, $zero, 42", false);
            var cpu = new Cpu(0, CpuModel.MIPS161, false);
            int[] map = new int[1];
            BlockCompiler.compile(page, 0, 1).run(cpu, cpu.gpr, new byte[0], map, map, 0);
            System.out.println(cpu.gpr[8]);
        }
    }

    @Test
    void compilesInAFreshJvmWhateverJavaLangConstantNeeds() throws Exception {
        var java = ProcessHandle.current().info().command().orElseThrow();
        var process =
                new ProcessBuilder(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                FirstTouch.class.getName())
                        .redirectErrorStream(true)
                        .start();
        try {
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(output).isEqualTo("42" + System.lineSeparator());
        } finally {
            process.destroy();
        }
    }

    @ParameterizedTest
    @EnumSource
    void longestBlockOfAnyInstructionIsSmallEnoughToBeCompiled(Insn insn) throws IOException {
        int operands = 0x0345_1fff & ~insn.mask();
        for (boolean littleEndian : new boolean[] {false, true}) {
            String word = ".word " + (insn.match() | operands);
            long[] page = decode((word + "\n").repeat(BlockCache.MAX_INSNS), littleEndian);
            if (Decoded.op(page[0]) >= CodePages.OP_LOCAL) {
                return;
            }
            byte[] bytes = BlockCompiler.translate(page, 0, BlockCache.MAX_INSNS);
            assertThat(ClassFile.of().parse(bytes).methods())
                    .flatExtracting(method -> method.code().stream().toList())
                    .extracting(code -> ((CodeAttribute) code).codeLength())
                    .hasSize(2)
                    .allSatisfy(length -> assertThat((int) length).isLessThan(HUGE_METHOD_BYTES));
        }
    }

    private static long[] decode(String source, boolean littleEndian) {
        FramePool pool = FramePool.forRam(1 << 20);
        var maps = new PageMaps();
        var code = new CodePages(pool, maps, CpuModel.MIPS161, littleEndian);
        var memory = new PhysicalMemory(pool, maps, code, 1 << 20);
        int at = 0;
        for (int word : Assembler.assemble(source, 0)) {
            memory.putWord(at, littleEndian ? Integer.reverseBytes(word) : word);
            at += 4;
        }
        return code.at(memory.frame(0));
    }
}
