package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.util.List;
import kseg.cpu.Cpu;
import org.junit.jupiter.api.Test;

/** What is kept of regions that were installed once, and for how long. */
class KnownRegionsTest {
    private static final byte[] MEMORY = {};

    private final KnownRegions known = new KnownRegions();

    private static Compilation region(int hot) {
        Region region =
                new Region() {
                    @Override
                    int run(Cpu cpu, int pc, int budget, int depth) {
                        return leave(cpu, pc, budget);
                    }
                };
        region.key = hot;
        region.hot = hot;
        var handle = MethodHandles.constant(Region.class, region);
        var type = new RegionClass(handle, MEMORY, List.of(), 1);
        return new Compilation(region, new RegionGraph(true), List.of(), type);
    }

    @Test
    void theLatestOfAnAddressComesFirstAndEightAreKept() {
        Compilation first = region(0x1000);
        known.add(first);
        Compilation second = region(0x1000);
        known.add(second);
        known.add(region(0x2000));
        assertThat(known.at(0x1000)).containsExactly(second, first);
        for (int i = 0; i < 7; i++) {
            known.add(region(0x1000));
        }
        assertThat(known.at(0x1000)).hasSize(8).contains(second).doesNotContain(first);
        assertThat(known.at(0x3000)).isEmpty();
    }

    @Test
    void whatNobodyUsesGoesWhenThereAreTooMany() {
        Compilation used = region(4);
        Compilation unused = region(8);
        known.add(used);
        known.add(unused);
        int kept = 0;
        for (int i = 3; i <= 10 * KnownRegions.MOST; i++) {
            known.add(region(4 * i));
            known.used(4, used);
        }
        for (int i = 3; i <= 10 * KnownRegions.MOST; i++) {
            kept += known.at(4 * i).size();
        }
        assertThat(kept).isBetween(KnownRegions.MOST / 2 - 1, KnownRegions.MOST);
        assertThat(known.at(4)).containsExactly(used);
        assertThat(known.at(8)).isEmpty();
    }

    @Test
    void whatEightMachinesInARowDoNotUseGoesAndItsClassToo() {
        Compilation used = region(4);
        Compilation unused = region(8);
        known.add(used);
        known.add(unused);
        for (int i = 0; i < 8; i++) {
            known.begin();
            known.used(4, used);
        }
        assertThat(known.classes()).containsExactlyInAnyOrder(used.type(), unused.type());
        known.begin();
        assertThat(known.classes()).containsExactly(used.type());
    }

    /** Such as those that are only interpreted. */
    @Test
    void machinesThatUseNoneAtAllDoNotCount() {
        known.add(region(4));
        for (int i = 0; i < 100; i++) {
            known.begin();
        }
        assertThat(known.at(4)).hasSize(1);
    }

    @Test
    void whatIsLinkedToOtherMemoryGoes() {
        known.add(region(4));
        known.keep(new byte[0]);
        assertThat(known.at(4)).isEmpty();
    }
}
