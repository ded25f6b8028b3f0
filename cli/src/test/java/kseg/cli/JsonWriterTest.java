package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {

    @Test
    void objectsArraysAndEscapes() {
        JsonWriter json = new JsonWriter();
        json.open().field("a", 1).field("b", "x\"\\\n\u0001é").array("empty").closeArray();
        json.array("many").open().field("c", -2).close().open().number("d", "0.5").close();
        json.closeArray().field("last", 3).close();
        assertThat(json.toString())
                .isEqualTo(
                        """
                        {
                          "a": 1,
                          "b": "x\\"\\\\\\n\\u0001é",
                          "empty": [],
                          "many": [
                            {
                              "c": -2
                            },
                            {
                              "d": 0.5
                            }
                          ],
                          "last": 3
                        }
                        """);
    }
}
