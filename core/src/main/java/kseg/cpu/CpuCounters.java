package kseg.cpu;

import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;

/** What one CPU has done; part of its state, so that a restored machine reports the same totals. */
public final class CpuCounters {
    long kernelCycles;
    long userCycles;
    long kernelRetired;
    long userRetired;
    long exceptions;
    long interrupts;
    long loadLinked;
    long storeConditionalOk;
    long storeConditionalFailed;
    long syncs;

    /** Cycles spent in kernel mode, exception entries included. */
    public long kernelCycles() {
        return kernelCycles;
    }

    /** Cycles spent in user mode, exception entries included. */
    public long userCycles() {
        return userCycles;
    }

    /** Instructions retired in kernel mode. */
    public long kernelRetired() {
        return kernelRetired;
    }

    /** Instructions retired in user mode. */
    public long userRetired() {
        return userRetired;
    }

    /** Exceptions entered, interrupts not counted. */
    public long exceptions() {
        return exceptions;
    }

    public long interrupts() {
        return interrupts;
    }

    public long loadLinked() {
        return loadLinked;
    }

    public long storeConditionalOk() {
        return storeConditionalOk;
    }

    public long storeConditionalFailed() {
        return storeConditionalFailed;
    }

    public long syncs() {
        return syncs;
    }

    void count(boolean user, int cycles, int retired) {
        if (user) {
            userCycles += cycles;
            userRetired += retired;
        } else {
            kernelCycles += cycles;
            kernelRetired += retired;
        }
    }

    void save(StateWriter out) {
        out.putLong(kernelCycles);
        out.putLong(userCycles);
        out.putLong(kernelRetired);
        out.putLong(userRetired);
        out.putLong(exceptions);
        out.putLong(interrupts);
        out.putLong(loadLinked);
        out.putLong(storeConditionalOk);
        out.putLong(storeConditionalFailed);
        out.putLong(syncs);
    }

    void restore(StateReader in) {
        kernelCycles = in.getLong();
        userCycles = in.getLong();
        kernelRetired = in.getLong();
        userRetired = in.getLong();
        exceptions = in.getLong();
        interrupts = in.getLong();
        loadLinked = in.getLong();
        storeConditionalOk = in.getLong();
        storeConditionalFailed = in.getLong();
        syncs = in.getLong();
    }
}
