package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SectorOverlayTest {
    private static byte[] filled(int value) {
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    void anEmptyOverlayHasNothing() {
        assertThat(SectorOverlay.EMPTY.find(0)).isNull();
        assertThat(SectorOverlay.EMPTY.find(Integer.MAX_VALUE)).isNull();
        assertThat(SectorOverlay.EMPTY.sectors()).isZero();
        assertThat(SectorOverlay.EMPTY.digest()).isZero();
    }

    @Test
    void writingLeavesEarlierOverlaysAsTheyWere() {
        byte[] data = filled(1);
        SectorOverlay one = SectorOverlay.EMPTY.with(7, data);
        data[0] = 99;
        SectorOverlay two = one.with(7, filled(2)).with(1_000_000, filled(3));
        assertThat(one.find(7)).isEqualTo(filled(1));
        assertThat(one.find(1_000_000)).isNull();
        assertThat(two.find(7)).isEqualTo(filled(2));
        assertThat(two.find(1_000_000)).isEqualTo(filled(3));
        assertThat(SectorOverlay.EMPTY.find(7)).isNull();
        assertThat(two.sectors()).isEqualTo(2);
    }

    @Test
    void itIsAMapWhateverTheOrderOfWrites() {
        Random random = new Random(161);
        for (int round = 0; round < 20; round++) {
            int range = 1 << (1 + random.nextInt(30));
            TreeMap<Integer, byte[]> model = new TreeMap<>();
            SectorOverlay overlay = SectorOverlay.EMPTY;
            for (int i = 0; i < 300; i++) {
                int sector = random.nextInt(range);
                byte[] data = new byte[512];
                random.nextBytes(data);
                model.put(sector, data);
                overlay = overlay.with(sector, data);
            }
            assertSame(overlay, model);

            List<Integer> order = new ArrayList<>(model.keySet());
            Collections.shuffle(order, random);
            SectorOverlay again = SectorOverlay.EMPTY;
            for (int sector : order) {
                again = again.with(sector, model.get(sector));
            }
            assertThat(again.digest()).isEqualTo(overlay.digest());
        }
    }

    private static void assertSame(SectorOverlay overlay, TreeMap<Integer, byte[]> model) {
        assertThat(overlay.sectors()).isEqualTo(model.size());
        List<Integer> visited = new ArrayList<>();
        overlay.forEach((sector, data) -> {
            visited.add(sector);
            assertThat(data).isEqualTo(model.get(sector));
        });
        assertThat(visited).isEqualTo(new ArrayList<>(model.keySet()));
        model.forEach((sector, data) -> assertThat(overlay.find(sector)).isEqualTo(data));
    }

    @Test
    void theDigestTellsContentsAndPlacesApart() {
        long here = SectorOverlay.EMPTY.with(1, filled(1)).digest();
        byte[] almost = filled(1);
        almost[511] ^= 1;
        assertThat(SectorOverlay.EMPTY.with(2, filled(1)).digest()).isNotEqualTo(here);
        assertThat(SectorOverlay.EMPTY.with(1, almost).digest()).isNotEqualTo(here);
        assertThat(SectorOverlay.EMPTY.with(1, almost).with(1, filled(1)).digest()).isEqualTo(here);
        assertThat(SectorOverlay.EMPTY.with(0, filled(0)).digest()).isNotZero();
    }
}
