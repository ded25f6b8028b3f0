package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskGeometryTest {
    @ParameterizedTest
    @ValueSource(ints = {10_240, 20_000, 131_072, 8_388_607})
    void sectorsFillTheTracksFromTheOutside(int sectors) {
        DiskGeometry geometry = new DiskGeometry(sectors);
        assertThat(geometry.track(0)).isEqualTo(319);
        assertThat(geometry.place(0)).isZero();
        int track = 319;
        int place = 0;
        for (int sector = 0; sector < sectors; sector++) {
            if (place == geometry.length(track)) {
                track--;
                place = 0;
            }
            if (geometry.track(sector) != track || geometry.place(sector) != place) {
                throw new AssertionError("sector " + sector);
            }
            place++;
        }
        assertThat(geometry.length(319)).isGreaterThan(geometry.length(0));
    }

    @Test
    void aFiveMegabyteDiskHasTheTracksOfSystem161() {
        // 10240 sectors, 10854 with the spare: 54 at the rim, 14 at the hub, one of each reserved.
        DiskGeometry geometry = new DiskGeometry(10_240);
        assertThat(geometry.length(319)).isEqualTo(53);
        assertThat(geometry.length(0)).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 1600, 4096, 6144, 7985, 8067})
    void aDiskTooSmallForTheReserveHasNoGeometry(int sectors) {
        assertThatThrownBy(() -> new DiskGeometry(sectors))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a disk of "
                                + sectors
                                + " sectors has no geometry: 4 MB (8192 sectors) or more do");
    }

    @Test
    void everyLargerDiskHasOne() {
        for (int sectors = 8068; sectors < 12_000; sectors++) {
            assertThat(new DiskGeometry(sectors).track(sectors - 1)).isNotNegative();
        }
    }

    @Test
    void shortSeeksGoTrackByTrackLongOnesAccelerate() {
        assertThat(DiskGeometry.seekNanos(1)).isEqualTo(5_000_000);
        assertThat(DiskGeometry.seekNanos(3)).isEqualTo(15_000_000);
        assertThat(DiskGeometry.seekNanos(4)).isEqualTo(16_000_000);
        assertThat(DiskGeometry.seekNanos(319)).isEqualTo(63_581_713);
    }
}
