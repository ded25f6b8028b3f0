package kseg.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Types for the user: waits until the guest has printed a prompt, types the text that goes with it,
 * and waits for the next. Each prompt is looked for in what is printed after the one before.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class PromptWatcher {
    /** One {@code --type-after}; an empty prompt is there at once. */
    static final class Step {
        private final byte[] prompt;
        private final byte[] text;

        Step(byte[] prompt, byte[] text) {
            this.prompt = prompt;
            this.text = text;
        }
    }

    private final Deque<Step> steps;
    private byte[] recent = new byte[0];
    private int recentCount;
    private boolean due;

    PromptWatcher(List<Step> steps) {
        this.steps = new ArrayDeque<>(steps);
        prepare();
    }

    /** Whether everything has been typed. */
    boolean done() {
        return steps.isEmpty();
    }

    /** The prompt that has not appeared yet. */
    Optional<String> awaited() {
        return Optional.ofNullable(steps.peek())
                .map(step -> new String(step.prompt, StandardCharsets.UTF_8));
    }

    /** The guest has printed a character. */
    void see(byte character) {
        if (steps.isEmpty() || due) {
            return;
        }
        int length = recent.length;
        if (recentCount == length) {
            System.arraycopy(recent, 1, recent, 0, length - 1);
            recentCount--;
        }
        recent[recentCount++] = character;
        due = recentCount == length && Arrays.equals(recent, steps.element().prompt);
    }

    /** Whether a text is to be typed now. */
    boolean isDue() {
        return due;
    }

    /** The text to type now, if a prompt has appeared since the last call. */
    Optional<byte[]> typed() {
        if (!due) {
            return Optional.empty();
        }
        byte[] text = steps.remove().text;
        prepare();
        return Optional.of(text);
    }

    private void prepare() {
        recent = new byte[steps.isEmpty() ? 0 : steps.element().prompt.length];
        recentCount = 0;
        due = !steps.isEmpty() && recent.length == 0;
    }
}
