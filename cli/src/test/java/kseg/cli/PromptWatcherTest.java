package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import kseg.cli.PromptWatcher.Step;
import org.junit.jupiter.api.Test;

class PromptWatcherTest {

    private static Step step(String prompt, String text) {
        return new Step(bytes(prompt), bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void print(PromptWatcher watcher, String text) {
        for (byte b : bytes(text)) {
            watcher.see(b);
        }
    }

    @Test
    void typesAfterEachPromptInOrder() {
        PromptWatcher watcher = new PromptWatcher(List.of(step("$ ", "one"), step("# ", "two")));
        print(watcher, "boot # ");
        assertThat(watcher.typed()).isEmpty();
        assertThat(watcher.awaited()).contains("$ ");
        print(watcher, "sh$ ");
        assertThat(watcher.isDue()).isTrue();
        assertThat(watcher.typed()).contains(bytes("one"));
        assertThat(watcher.typed()).isEmpty();
        assertThat(watcher.done()).isFalse();
        print(watcher, "# ");
        assertThat(watcher.typed()).contains(bytes("two"));
        assertThat(watcher.done()).isTrue();
        assertThat(watcher.awaited()).isEmpty();
    }

    @Test
    void findsAPromptThatStartsLikeItself() {
        PromptWatcher watcher = new PromptWatcher(List.of(step("aab", "x")));
        print(watcher, "aaab");
        assertThat(watcher.typed()).contains(bytes("x"));
    }

    @Test
    void whatIsPrintedBetweenPromptAndTextIsNotLookedAt() {
        PromptWatcher watcher = new PromptWatcher(List.of(step("a", "1"), step("a", "2")));
        print(watcher, "aaa");
        assertThat(watcher.typed()).contains(bytes("1"));
        assertThat(watcher.typed()).isEmpty();
        print(watcher, "a");
        assertThat(watcher.typed()).contains(bytes("2"));
    }

    @Test
    void anEmptyPromptIsThereAtOnce() {
        PromptWatcher watcher = new PromptWatcher(List.of(step("", "now"), step("", "too")));
        assertThat(watcher.typed()).contains(bytes("now"));
        assertThat(watcher.typed()).contains(bytes("too"));
        assertThat(watcher.typed()).isEmpty();
    }

    @Test
    void nothingToType() {
        PromptWatcher watcher = new PromptWatcher(List.of());
        print(watcher, "anything");
        assertThat(watcher.done()).isTrue();
        assertThat(watcher.typed()).isEmpty();
    }
}
