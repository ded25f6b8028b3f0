package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import kseg.engine.CodePages;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

/** Two processes with their own code at one address: what is compiled for one waits for it. */
class AddressSpacesTest {
    private static final int CODE = 0x400000;
    private static final int ENTRY = 3;
    private static final int TURNS = 100;

    private final FramePool pool = FramePool.forRam(1 << 20);
    private final PageMaps maps = new PageMaps();
    private final CodePages code = new CodePages(pool, maps, CpuModel.MIPS161, false);

    /** A compiler whose answer to the only request is not installed at once. */
    private Jit delayed(PhysicalMemory[] memory) {
        return LongStream.iterate(1, seed -> seed + 1)
                .mapToObj(seed -> requested(seed, memory))
                .filter(jit -> jit.report().regions().installed() == 0)
                .findFirst()
                .orElseThrow();
    }

    private Jit requested(long seed, PhysicalMemory[] memory) {
        var jit =
                new Jit(new HostWorker(pool, maps), code, new CompilerOptions(1, false, 100, seed));
        memory[0] = new PhysicalMemory(pool, maps, jit.watcher(), 1 << 20);
        maps.serve(memory[0], 0);
        int[] words = Assembler.assemble("x: addiu $t0, $t0, 1\n bgtz $t0, x\n nop", CODE);
        for (int i = 0; i < words.length; i++) {
            memory[0].putWord(4 * i, words[i]);
            memory[0].putWord(FramePool.FRAME_BYTES + 4 * i, words[i]);
        }
        int fetched = process(memory[0], 0);
        code.at(fetched >>> FramePool.FRAME_SHIFT);
        jit.sample(jit.cache().at(fetched), fetched, CODE, true, 1);
        return jit;
    }

    /** Lets a process run, whose code is in this page; says where that is in the pool. */
    private int process(PhysicalMemory memory, int page) {
        maps.dropMapped();
        maps.install(CODE, memory.frame(page), ENTRY, true, false);
        return memory.frame(page) << FramePool.FRAME_SHIFT;
    }

    private static void turns(Jit jit, int count) {
        for (int i = 0; i < count; i++) {
            jit.begin();
        }
    }

    @Test
    void aRegionWaitsForItsProcess() {
        var memory = new PhysicalMemory[1];
        Jit jit = delayed(memory);
        process(memory[0], 1);
        turns(jit, TURNS);
        assertThat(jit.report().regions().installed()).isZero();
        assertThat(jit.report().regions().stale()).isZero();

        int fetched = process(memory[0], 0);
        turns(jit, 1);
        assertThat(jit.report().regions().installed()).isEqualTo(1);
        assertThat(jit.cache().entered(fetched, CodeCache.key(CODE, true))).isTrue();
        assertThat(jit.cache().entered(process(memory[0], 1), CodeCache.key(CODE, true))).isFalse();
    }

    @Test
    void itDoesNotWaitForEver() {
        var memory = new PhysicalMemory[1];
        Jit jit = delayed(memory);
        process(memory[0], 1);
        turns(jit, TURNS * TURNS);
        assertThat(jit.report().regions().stale()).isEqualTo(1);
        process(memory[0], 0);
        turns(jit, TURNS);
        assertThat(jit.report().regions().installed()).isZero();
    }
}
