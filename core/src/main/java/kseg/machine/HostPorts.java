package kseg.machine;

import java.util.function.IntFunction;
import kseg.port.Beeper;
import kseg.port.BlockStore;
import kseg.port.CharPort;
import kseg.port.MessagePort;

/**
 * A machine's connections to the world; those of cards are asked for by slot.
 *
 * @param console where the serial console's characters go
 * @param messages where the simulator's messages go
 * @param disks the image of the disk in a slot
 */
public record HostPorts(
        CharPort console, MessagePort messages, Beeper beeper, IntFunction<BlockStore> disks) {

    /** A machine without a world: output is dropped; it can have no disks. */
    public static HostPorts none() {
        return new HostPorts(
                character -> {},
                text -> {},
                () -> {},
                slot -> {
                    throw new IllegalArgumentException("no disk image for slot " + slot);
                });
    }
}
