package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import kseg.cpu.Cpu;
import kseg.engine.CodePages;
import kseg.engine.RegionListener;
import kseg.engine.TranslationStore;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.isa.Insn;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionCompilerTest {
    /** HotSpot never compiles a longer method (-XX:-DontCompileHugeMethods aside). */
    private static final int HUGE_METHOD_BYTES = 8000;

    private static final int CODE = 0x80000000;

    /** A JVM that compiles a region before anything else touches java.lang.constant. */
    static final class FirstTouch {
        private FirstTouch() {}

        public static void main(String[] args) {
            Compilation compiled = compile("addiu $t0, $zero, 42\n syscall", false);
            var cpu = new Cpu(0, CpuModel.MIPS161, false);
            compiled.region().bind(0, 0x80001000);
            int left = compiled.region().run(cpu, CODE, 10, 0);
            System.out.println(cpu.gpr[8] + " " + ~left);
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
            assertThat(output).isEqualTo("42 9" + System.lineSeparator());
        } finally {
            process.destroy();
        }
    }

    @ParameterizedTest
    @EnumSource
    void longestRegionOfAnyInstructionIsSmallEnoughToBeCompiled(Insn insn) throws IOException {
        int operands = 0x0345_1fff & ~insn.mask();
        for (boolean littleEndian : new boolean[] {false, true}) {
            String word = ".word " + (insn.match() | operands);
            String source = (word + "\n nop\n").repeat(CodePages.WORDS / 2);
            Compilation compiled = compile(source, littleEndian);
            if (compiled != null) {
                assertThat(compiled.type().bytecodes()).isBetween(1, HUGE_METHOD_BYTES);
            }
        }
    }

    private static Compilation compile(String source, boolean littleEndian) {
        FramePool pool = FramePool.forRam(1 << 20);
        var maps = new PageMaps();
        var code = new CodePages(pool, maps, CpuModel.MIPS161, littleEndian);
        var memory = new PhysicalMemory(pool, maps, code, 1 << 20);
        int at = 0;
        for (int word : Assembler.assemble(source, CODE)) {
            memory.putWord(at, littleEndian ? Integer.reverseBytes(word) : word);
            at += 4;
        }
        maps.install(CODE, memory.frame(0), PageMaps.DIRECT, false, false);
        code.at(memory.frame(0));
        var worker = new HostWorker(pool, maps);
        var cache = new CodeCache(worker, code, new TierCounters(), RegionListener.NONE);
        var compiler = new Compiler(worker, code, cache, new TranslationStore(), false);
        return compiler.compile(new Compiler.Request(CODE, false, maps.kernelView(), false, null));
    }
}
