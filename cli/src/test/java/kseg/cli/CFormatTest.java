package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are what glibc's printf("%g") prints. */
class CFormatTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "480.2941, 480.294",
        "25, 25",
        "100000, 100000",
        "999999.4, 999999",
        "999999.6, 1e+06",
        "1234567, 1.23457e+06",
        "0.0001, 0.0001",
        "0.00001234567, 1.23457e-05",
        "0.1, 0.1",
        "3.7287512, 3.72875",
        "1e100, 1e+100"
    })
    void g(double value, String text) {
        assertThat(CFormat.g(value)).isEqualTo(text);
    }
}
