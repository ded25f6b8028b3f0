package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.time.Generator;
import org.junit.jupiter.api.Test;

class RandomDeviceTest {
    private static Rig rig(long seed) {
        Rig rig = new Rig();
        rig.attach(9, CardId.RANDOM, new RandomDevice(new Generator(seed, 4)));
        return rig;
    }

    @Test
    void everyReadIsTheNextNumberOfTheGenerator() {
        Rig rig = rig(161);
        Generator same = new Generator(161, 4);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            int number = rig.read(9, 0);
            assertThat(number).isEqualTo(same.nextInt());
            seen.add(number);
        }
        assertThat(seen).hasSizeGreaterThan(990);
    }

    @Test
    void lookingDoesNotDraw() {
        Rig rig = rig(1);
        assertThat(rig.bus.peek(9 << 16)).isZero();
        assertThat(rig.read(9, 0)).isEqualTo(new Generator(1, 4).nextInt());
    }

    @Test
    void theRestIsABusError() {
        Rig rig = rig(1);
        assertThatThrownBy(() -> rig.write(9, 0, 1)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> rig.read(9, 4)).isSameAs(BusError.INSTANCE);
    }

    @Test
    void aRestoredGeneratorGoesOn() {
        Rig rig = rig(1);
        rig.read(9, 0);
        Rig other = rig(2);
        other.restore(rig.save());
        assertThat(other.read(9, 0)).isEqualTo(rig.read(9, 0));
    }
}
