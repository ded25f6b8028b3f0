package kseg.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import kseg.config.UserErrorException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to the bytes of an image, reading it ends soon, in an image or in a user error.
 */
class ElfImageProps {
    private static final int ROUNDS = 50_000;
    private static final int[] NASTY = {
        0, 1, -1, 0x7fffffff, 0x80000000, 0xffff, 0x10000, 52, 0xfffffff0
    };

    @Test
    void mutationsNeverThrowAnythingElse() {
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), ElfImageProps::mutate);
    }

    private static void mutate() {
        byte[] whole = TinyElf.kernel().build();
        SplittableRandom random = new SplittableRandom(3000);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] file = damage(whole.clone(), random);
            try {
                ElfImage image = ElfImage.parse(file, "mutant");
                image.symbols().describe(random.nextInt());
                BootImage boot = BootImage.of(image, 1 << 20);
                boot.segments().forEach(BootImage.Segment::bytes);
                accepted++;
            } catch (UserErrorException e) {
                assertThat(e.getMessage()).startsWith("mutant: offset 0x");
            }
        }
        assertThat(accepted).as("harmless mutations").isBetween(ROUNDS / 100, ROUNDS * 9 / 10);
    }

    private static byte[] damage(byte[] file, SplittableRandom random) {
        // Half of the time the headers, where everything is decided.
        int reach = random.nextBoolean() ? 52 + 4 * 32 : file.length;
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(reach);
            switch (random.nextInt(4)) {
                case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> file[at] = (byte) random.nextInt();
                case 2 -> putWord(file, at & ~3, NASTY[random.nextInt(NASTY.length)]);
                default -> putWord(file, at & ~3, random.nextInt());
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
    }

    private static void putWord(byte[] file, int at, int word) {
        System.arraycopy(TinyElf.words(word), 0, file, at, Math.min(4, file.length - at));
    }
}
