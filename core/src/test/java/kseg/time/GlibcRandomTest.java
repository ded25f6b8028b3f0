package kseg.time;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers of the GNU C library 2.36's {@code random()}: the first five and the 1001st. */
class GlibcRandomTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1804289383, 846930886, 1681692777, 1714636915, 1957747793, 981914693",
        "1, 1804289383, 846930886, 1681692777, 1714636915, 1957747793, 981914693",
        "2, 1505335290, 1738766719, 190686788, 260874575, 747983061, 1682007530",
        "42, 71876166, 708592740, 1483128881, 907283241, 442951012, 1963050744",
        "123456789, 1965102536, 1639725855, 706684578, 1926601937, 71238646, 372203436",
        "2147483647, 1065668062, 2142264300, 1066566375, 1064012770, 2141034222, 1446597600",
        "-2147483648, 1336741213, 1210407648, 1447044896, 337392383, 82502902, 1917559864",
        "-1, 254925627, 1205188300, 366127624, 1401405153, 76053476, 1216673817",
    })
    void numbersOfASeed(int seed, int a, int b, int c, int d, int e, int later) {
        GlibcRandom random = new GlibcRandom();
        random.seed(seed);
        for (int expected : new int[] {a, b, c, d, e}) {
            assertThat(random.draw()).isEqualTo(expected);
        }
        for (int i = 0; i < 995; i++) {
            random.draw();
        }
        assertThat(random.draw()).isEqualTo(later);
    }

    @Test
    void thirtyTwoBitsAreMadeOfTwoNumbers() {
        assertThat(new GlibcRandom().nextInt()).isEqualTo(1804289383 ^ 846930886 << 16);
    }

    @Test
    void aRestoredStreamGoesOn() {
        GlibcRandom random = new GlibcRandom();
        random.draw();
        random.draw();
        StateWriter out = new StateWriter();
        random.save(out);
        GlibcRandom other = new GlibcRandom();
        other.restore(new StateReader(out.toBytes(), out.attachments()));
        assertThat(other.draw()).isEqualTo(1681692777);
    }
}
