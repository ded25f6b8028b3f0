package kseg.cli;

import java.time.Duration;

/**
 * Where the characters come from that are typed at the guest's console. Used by the machine's
 * owner.
 */
interface ConsoleInput extends AutoCloseable {
    /** Nothing to type. */
    byte[] NONE = {};

    /**
     * What has been typed since the last call.
     *
     * @param patience how long to wait if there is nothing
     */
    byte[] take(Duration patience);

    /**
     * Told how the guest is doing: after each slice, and again before each look at the input while
     * the guest can only wait for it.
     *
     * @param machineNanos machine time
     * @param nothing whether all CPUs waited all but a little of the time since the last call
     */
    void guestDid(long machineNanos, boolean nothing);

    /** Whether nothing can come any more. */
    boolean ended();

    /** Whether a person types, and so lives in real time. */
    boolean isPerson();

    @Override
    void close();
}
