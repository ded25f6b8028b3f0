package kseg.port;

import java.util.function.Supplier;

/**
 * The gate through which a host's answer enters the machine.
 *
 * <p>A live machine asks the host and journals the answer at the present position; a replaying one
 * takes the answer from the journal and leaves the host alone.
 */
public interface HostExchange {
    /**
     * The answer, from the host or from the journal.
     *
     * @param device slot of the device that asks
     * @param host asks the host; not called in a replay
     */
    byte[] ask(int device, Supplier<byte[]> host);
}
