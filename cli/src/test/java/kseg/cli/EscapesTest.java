package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.config.UserErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {

    @Test
    void theEscapesOfC() throws UserErrorException {
        assertThat(Escapes.parse("a\\n\\r\\t\\e\\a\\b\\\\\\\"\\'z"))
                .containsExactly('a', '\n', '\r', '\t', 27, 7, 8, '\\', '"', '\'', 'z');
        assertThat(Escapes.parse("\\x41\\x7\\101\\0\\1012"))
                .containsExactly('A', 7, 'A', 0, 'A', '2');
        assertThat(Escapes.parse("\\xff\\377")).containsExactly(-1, -1);
        assertThat(Escapes.parse("é")).containsExactly(0xc3, 0xa9);
        assertThat(Escapes.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "a\\q", "\\x", "\\xg", "\\400", "\\8"})
    void mistakes(String text) {
        assertThatThrownBy(() -> Escapes.parse(text))
                .hasMessage("\"" + text + "\" has a wrong escape\n    " + Escapes.SPELLING);
    }
}
