package kseg.verify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A body and its executions, in order: what an engine has learned from the earlier ones is part of
 * the case.
 */
public record Scenario(Body body, List<Start> starts) {
    Scenario withStarts(List<Start> changed) {
        return new Scenario(body, changed);
    }

    Scenario withBody(Body changed) {
        return new Scenario(changed, starts);
    }

    /** The same with every start changed where a start of its own is given. */
    Scenario withLast(Start last) {
        List<Start> changed = new ArrayList<>(starts);
        changed.set(changed.size() - 1, last);
        return new Scenario(body, changed);
    }

    /** The last execution only, several times, so that its code becomes hot. */
    Scenario lastRepeated(int times) {
        return new Scenario(body, Collections.nCopies(times, starts.getLast()));
    }
}
