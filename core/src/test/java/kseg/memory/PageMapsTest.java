package kseg.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left of a CPU's pages when the maps have served another meanwhile. */
class PageMapsTest {
    private static final int CODE = 0x400000;
    private static final int DATA = 0x10000000;
    private static final int KERNEL = 0xc0001000;
    private static final int FRAME = 7;

    private final PageMaps maps = new PageMaps();
    private final Object memory = new Object();

    @BeforeEach
    void firstCpu() {
        maps.serve(memory, 0);
        maps.install(CODE, FRAME, 5, true, false);
        maps.install(DATA, FRAME + 1, 63, true, true);
        maps.install(KERNEL, FRAME + 2, 0, false, true);
    }

    @Test
    void another_cpu_sees_nothing_of_them() {
        maps.serve(memory, 1);

        for (int vaddr : new int[] {CODE, DATA, KERNEL}) {
            assertThat(present(maps.kernelRead(), vaddr)).isFalse();
            assertThat(present(maps.kernelWrite(), vaddr)).isFalse();
            assertThat(present(maps.userRead(), vaddr)).isFalse();
            assertThat(present(maps.userWrite(), vaddr)).isFalse();
        }
    }

    @Test
    void they_are_there_again_in_its_next_turn() {
        maps.serve(memory, 1);
        maps.install(CODE, FRAME + 9, 5, true, true);
        maps.serve(memory, 31);
        maps.serve(memory, 0);

        assertThat(at(maps.userRead(), CODE + 4)).isEqualTo(FRAME * 4096 + 4);
        assertThat(present(maps.userWrite(), CODE)).isFalse();
        assertThat(present(maps.kernelWrite(), CODE)).isFalse();
        assertThat(at(maps.userWrite(), DATA)).isEqualTo((FRAME + 1) * 4096);
        assertThat(at(maps.kernelWrite(), KERNEL)).isEqualTo((FRAME + 2) * 4096);
        assertThat(present(maps.userRead(), KERNEL)).isFalse();
    }

    @Test
    void a_view_stays_as_it_was() {
        var view = maps.userView();
        maps.serve(memory, 1);
        maps.install(CODE, FRAME + 9, 5, true, true);

        assertThat(view.applyAsInt(CODE + 4)).isEqualTo(FRAME * 4096 + 4);
        assertThat(view.applyAsInt(DATA)).isEqualTo((FRAME + 1) * 4096);
        assertThat(view.applyAsInt(KERNEL)).isNegative();
        assertThat(view.applyAsInt(CODE + 4096)).isNegative();
        assertThat(maps.userView().applyAsInt(CODE)).isEqualTo((FRAME + 9) * 4096);
    }

    @Test
    void of_the_kernel_s_only_what_needs_no_tlb_is_seen_to_change() {
        int direct = 0x80000000 + CODE;
        var view = maps.kernelView();
        maps.serve(memory, 1);
        maps.install(KERNEL, FRAME + 9, 0, false, true);
        maps.install(direct, FRAME + 10, PageMaps.DIRECT, false, true);

        assertThat(view.applyAsInt(KERNEL + 4)).isEqualTo((FRAME + 2) * 4096 + 4);
        assertThat(view.applyAsInt(CODE)).isEqualTo(FRAME * 4096);
        assertThat(view.applyAsInt(direct + 8)).isEqualTo((FRAME + 10) * 4096 + 8);
        assertThat(view.applyAsInt(KERNEL + 4096)).isNegative();
    }

    @Test
    void they_belong_to_their_entries_as_before() {
        maps.serve(memory, 1);
        maps.serve(memory, 0);
        maps.dropEntry(5);

        assertThat(present(maps.userRead(), CODE)).isFalse();
        assertThat(present(maps.userRead(), DATA)).isTrue();
    }

    @Test
    void entries_dropped_before_do_not_come_back() {
        maps.dropEntry(5);
        maps.drop(DATA);
        maps.serve(memory, 1);
        maps.serve(memory, 0);

        assertThat(present(maps.userRead(), CODE)).isFalse();
        assertThat(present(maps.userRead(), DATA)).isFalse();
        assertThat(present(maps.kernelRead(), KERNEL)).isTrue();
    }

    /** What others may do meanwhile that makes them wrong. */
    enum Meanwhile {
        CONTENTS_REPLACED(PageMaps::dropAll),
        MEMORY_SHARED(PageMaps::dropWrites),
        CODE_FOUND(maps -> maps.dropWritesTo(FRAME + 1)),
        PAGE_MOVED(maps -> maps.dropPhysical(FRAME + 1, 3)),
        PAGE_GUARDED(maps -> maps.guard(new int[] {DATA >>> 12}));

        private final Consumer<PageMaps> action;

        Meanwhile(Consumer<PageMaps> action) {
            this.action = action;
        }
    }

    @ParameterizedTest
    @EnumSource
    void they_stay_away_if_they_may_have_become_wrong(Meanwhile meanwhile) {
        maps.serve(memory, 1);
        meanwhile.action.accept(maps);
        maps.serve(memory, 0);

        assertThat(present(maps.userWrite(), DATA)).isFalse();
        assertThat(present(maps.kernelWrite(), KERNEL)).isFalse();
    }

    @Test
    void another_memory_has_none_of_them() {
        maps.serve(new Object(), 1);
        maps.serve(memory, 0);

        assertThat(present(maps.userRead(), CODE)).isFalse();
    }

    private static int at(int[] map, int vaddr) {
        return vaddr + map[vaddr >>> 12];
    }

    private static boolean present(int[] map, int vaddr) {
        return at(map, vaddr) >= 0;
    }
}
