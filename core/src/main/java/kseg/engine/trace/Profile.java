package kseg.engine.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where CPUs spend their time in a range of addresses: samples by place and by call stack, and who
 * called whom how often. Not part of the machine's state.
 *
 * <p>Not thread-safe: the machine's owner.
 */
public final class Profile {
    /** Bytes of code that are counted together, as gprof is told. */
    public static final int BIN_BYTES = 16;

    /** A call, from its delay slot to the function. */
    public record Arc(int from, int to) implements Comparable<Arc> {
        @Override
        public int compareTo(Arc other) {
            int order = Integer.compareUnsigned(from, other.from);
            return order != 0 ? order : Integer.compareUnsigned(to, other.to);
        }
    }

    private final int low;
    private final int high;
    private final int[] samples;
    private final Map<Arc, Integer> arcs = new LinkedHashMap<>();
    private final Map<List<Integer>, Integer> stacks = new LinkedHashMap<>();

    /**
     * @param low first address of the code
     * @param high the address behind it
     */
    public Profile(int low, int high) {
        this.low = low;
        this.high = low + Math.ceilDiv(high - low, BIN_BYTES) * BIN_BYTES;
        samples = new int[(this.high - low) / BIN_BYTES];
    }

    public int low() {
        return low;
    }

    /** A whole number of bins above {@link #low}. */
    public int high() {
        return high;
    }

    /** Samples by {@link #BIN_BYTES} of code. */
    public int[] samples() {
        return samples.clone();
    }

    /** Calls and their numbers, in order of addresses. */
    public Map<Arc, Integer> arcs() {
        return new TreeMap<>(arcs);
    }

    /**
     * Samples by call stack: addresses of functions, the outermost first, then the place itself.
     */
    public Map<List<Integer>, Integer> stacks() {
        return Collections.unmodifiableMap(stacks);
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(samples, 0);
        arcs.clear();
        stacks.clear();
    }

    void sample(int pc, List<Integer> callers, int count) {
        if (contains(pc)) {
            samples[(pc - low) / BIN_BYTES] += count;
            List<Integer> stack = new ArrayList<>(callers);
            stack.add(pc);
            stacks.merge(List.copyOf(stack), count, Integer::sum);
        }
    }

    void call(int from, int to) {
        if (contains(from)) {
            arcs.merge(new Arc(from, to), 1, Integer::sum);
        }
    }

    private boolean contains(int pc) {
        return Integer.compareUnsigned(pc - low, high - low) < 0;
    }
}
