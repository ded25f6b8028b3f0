package kseg.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages settle where virtual memory has them; nothing else may notice. */
class PhysicalMemoryTest {
    private static final int RAM = 1 << 20;
    private static final int PAGES = RAM >>> FramePool.FRAME_SHIFT;
    private static final int VIRTUAL = 0x400;

    private final FramePool pool = FramePool.forRam(RAM);
    private final PageMaps maps = new PageMaps();
    private int code = -1;
    private final PhysicalMemory memory = memory(pool, maps);

    private PhysicalMemory memory(FramePool pool, PageMaps maps) {
        var watcher =
                new PhysicalMemory.CodeWatcher() {
                    @Override
                    public boolean holdsCode(int frame) {
                        return frame == code;
                    }

                    @Override
                    public void written(int frame, int offset) {}

                    @Override
                    public void freed(int frame) {}
                };
        return new PhysicalMemory(pool, maps, watcher, RAM);
    }

    private void write(int page, int value) {
        memory.putWord(page << FramePool.FRAME_SHIFT, value);
    }

    private int read(int page) {
        return memory.word(page << FramePool.FRAME_SHIFT);
    }

    @Test
    void scatteredPagesLieAsInVirtualMemory() {
        int[] frames = new int[100];
        for (int i = 0; i < frames.length; i++) {
            int page = i * 37 % PAGES;
            write(page, i);
            frames[i] = memory.settle(page, VIRTUAL + i, 0);
            assertThat(memory.frame(page)).isEqualTo(frames[i]);
        }
        for (int i = 0; i < frames.length; i++) {
            assertThat(read(i * 37 % PAGES)).isEqualTo(i);
            assertThat(frames[i]).isEqualTo(frames[0] + i);
        }
        assertThat(pool.used()).isEqualTo(frames.length);
    }

    @Test
    void whatTheMapsHadIsGone() {
        write(3, 1);
        maps.install(0x80003000, memory.frame(3), PageMaps.DIRECT, false, true);
        int frame = memory.settle(3, VIRTUAL, 0);
        assertThat(maps.kernelRead()[0x80003] + 0x80003000).isNegative();
        assertThat(maps.kernelWrite()[0x80003] + 0x80003000).isNegative();
        assertThat(maps.hasSettled(3)).isFalse();
        maps.install(0x80003000, frame, PageMaps.DIRECT, false, true);
        assertThat(maps.hasSettled(3)).isTrue();
    }

    @Test
    void aPageThatIsSharedOrHashedOrHoldsCodeOrHasSettledStays() {
        write(3, 1);
        var image = memory.share();
        int frame = memory.frame(3);
        assertThat(memory.settle(3, VIRTUAL, 0)).isEqualTo(frame);
        image.close();
        memory.hash();
        assertThat(memory.settle(3, VIRTUAL, 0)).isEqualTo(frame);
        write(3, 2);
        code = frame;
        assertThat(memory.settle(3, VIRTUAL, 0)).isEqualTo(frame);
        code = -1;
        int settled = memory.settle(3, VIRTUAL, 0);
        assertThat(settled).isNotEqualTo(frame);
        assertThat(memory.settle(3, VIRTUAL + 1, 0)).isEqualTo(settled);
        assertThat(memory.settle(4, VIRTUAL, 0)).isEqualTo(FramePool.ZERO_FRAME);
        write(4, 3);
        int other = memory.frame(4);
        assertThat(memory.settle(4, VIRTUAL, 0)).as("taken").isEqualTo(other);
    }

    /** Two memories of a family, their images, and settling in between. */
    @Test
    void contentsAndHashesAreThoseOfAMemoryThatNeverSettles() {
        PhysicalMemory never = memory(FramePool.forRam(RAM), new PageMaps());
        var random = new Random(3);
        PhysicalMemory.Image image = memory.share();
        PhysicalMemory.Image expected = never.share();
        for (int i = 0; i < 20_000; i++) {
            int page = random.nextInt(PAGES);
            switch (random.nextInt(100)) {
                case 0 -> {
                    image.close();
                    image = memory.share();
                    expected.close();
                    expected = never.share();
                }
                case 1 -> {
                    memory.restore(image);
                    never.restore(expected);
                }
                case 2 -> assertThat(memory.hash()).isEqualTo(never.hash());
                default -> {
                    int paddr = page << FramePool.FRAME_SHIFT | random.nextInt(1024) << 2;
                    memory.putWord(paddr, i);
                    never.putWord(paddr, i);
                    memory.settle(page, random.nextInt(1 << 20), random.nextInt(64));
                }
            }
        }
        assertThat(memory.hash()).isEqualTo(never.hash());
        assertThat(memory.framesInUse()).isEqualTo(never.framesInUse());
        assertThat(memory.frame(0)).isNotEqualTo(never.frame(0));
    }
}
