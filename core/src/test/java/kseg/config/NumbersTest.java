package kseg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "512b, 512",
        "1s, 512",
        "4k, 4096",
        "4K, 4096",
        "16m, 16777216",
        "16M, 16777216",
        "2g, 2147483648",
        "1G, 1073741824",
        "0x10, 16",
        "0x1b, 27",
        "0x10k, 16384",
        "010, 8",
        "010k, 8192",
        "0k, 0",
        "8589934591G, 9223372035781033984"
    })
    void sizes(String text, long bytes) {
        assertThat(Numbers.parseSize(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k",
                "4 k",
                "-1",
                "+1",
                "1.5M",
                "4MB",
                "4S",
                "4B",
                "08",
                "0x",
                "8589934592G"
            })
    void notSizes(String text) {
        assertThat(Numbers.parseSize(text)).isEmpty();
    }

    @Test
    void numbersNeverOverflow() {
        assertThat(Numbers.parse("9223372036854775807")).hasValue(Long.MAX_VALUE);
        assertThat(Numbers.parse("9223372036854775808")).isEmpty();
        assertThat(Numbers.parse("0xffffffffffffffffff")).isEmpty();
        assertThat(Numbers.parseDecimal("010")).isEqualTo(OptionalLong.of(10));
        assertThat(Numbers.parse("\u0663")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "513, 513", "1024, 1K", "5242880, 5M", "2147483648, 2G", "532676608, 508M"})
    void shown(long bytes, String text) {
        assertThat(Numbers.showSize(bytes)).isEqualTo(text);
    }

    @Test
    void nearestWord() {
        List<String> words = List.of("disk", "mainboard", "serial");
        assertThat(Nearest.to("dsik", words)).contains("disk");
        assertThat(Nearest.to("DISK", words)).contains("disk");
        assertThat(Nearest.to("maimbord", words)).contains("mainboard");
        assertThat(Nearest.to("cpu", words)).isEmpty();
        assertThat(Nearest.to("x".repeat(100_000), words)).isEmpty();
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
    }
}
