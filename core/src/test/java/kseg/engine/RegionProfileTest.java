package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegionProfileTest {
    private static final RegionProfile.Hot KERNEL =
            new RegionProfile.Hot(
                    0x80001230,
                    0xdeadbeef,
                    List.of(0x80001000, 0x80002000),
                    Map.of(0x80001238, List.of(0x80001300, 0x80002004)));
    private static final RegionProfile.Hot USER =
            new RegionProfile.Hot(0x00400001, 1, List.of(0x00400000), Map.of());
    private static final RegionProfile PROFILE = new RegionProfile(List.of(KERNEL, USER));

    @Test
    void decodesWhatItEncoded() {
        assertThat(RegionProfile.decode(PROFILE.encode())).contains(PROFILE);
        assertThat(RegionProfile.decode(RegionProfile.EMPTY.encode()))
                .contains(RegionProfile.EMPTY);
    }

    @Test
    void noDamagedByteAndNoPartIsTakenForAProfile() {
        byte[] bytes = PROFILE.encode();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assertThat(RegionProfile.decode(damaged)).as("byte %d", i).isEmpty();
            assertThat(RegionProfile.decode(Arrays.copyOf(bytes, i))).as("%d bytes", i).isEmpty();
        }
        assertThat(RegionProfile.decode(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
    }

    @Test
    void numbersWithARightChecksumAreNotBelievedEither() {
        byte[] bytes = PROFILE.encode();
        int end = bytes.length - Integer.BYTES;
        for (int i = 0; i < end; i += Integer.BYTES) {
            for (int value : new int[] {-1, Integer.MAX_VALUE, 3, 100_000}) {
                byte[] changed = bytes.clone();
                ByteBuffer.wrap(changed).putInt(i, value);
                RegionProfile.body(ByteBuffer.wrap(changed, 0, end))
                        .ifPresent(profile -> assertThat(profile.regions()).hasSize(2));
            }
        }
    }

    @Test
    void tooManyRegionsAreCutOff() {
        var many =
                new RegionProfile(
                        IntStream.range(0, RegionProfile.MAX_REGIONS + 10)
                                .mapToObj(i -> new RegionProfile.Hot(4 * i, i, List.of(), Map.of()))
                                .toList());
        byte[] bytes = many.encode();
        assertThat(bytes.length).isLessThanOrEqualTo(RegionProfile.MAX_BYTES);
        assertThat(RegionProfile.decode(bytes).orElseThrow().regions())
                .isEqualTo(many.regions().subList(0, RegionProfile.MAX_REGIONS));
    }

    @Test
    void knowsNoMoreIfItHasNoOtherRegions() {
        var one = new RegionProfile(List.of(USER));
        assertThat(one.knowsNoMoreThan(PROFILE)).isTrue();
        assertThat(PROFILE.knowsNoMoreThan(one)).isFalse();
    }
}
