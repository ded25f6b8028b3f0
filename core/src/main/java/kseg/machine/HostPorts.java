package kseg.machine;

import java.util.function.IntFunction;
import kseg.device.OverlayFiles;
import kseg.device.UnloggedImage;
import kseg.port.Beeper;
import kseg.port.BlockStore;
import kseg.port.CharPort;
import kseg.port.DisplaySink;
import kseg.port.FramePort;
import kseg.port.HostFiles;
import kseg.port.MessagePort;

/**
 * A machine's connections to the world; those of cards are asked for by slot, once, when the
 * machine is assembled.
 *
 * @param console where the serial console's characters go
 * @param messages where the simulator's messages go
 * @param disks the image of the disk in a slot
 * @param files the directory of the emufs in a slot
 * @param networks where the frames of the network card in a slot go
 * @param displays who looks at the text screen in a slot
 */
public record HostPorts(
        CharPort console,
        MessagePort messages,
        Beeper beeper,
        IntFunction<BlockStore> disks,
        IntFunction<HostFiles> files,
        IntFunction<FramePort> networks,
        IntFunction<DisplaySink> displays) {

    /** No world: output is dropped, the network is silent; there are no disks and no files. */
    public static HostPorts none() {
        return new HostPorts(
                character -> {},
                text -> {},
                () -> {},
                slot -> {
                    throw new IllegalArgumentException("no disk image for slot " + slot);
                },
                slot -> {
                    throw new IllegalArgumentException("no directory for slot " + slot);
                },
                slot -> (nanos, frame) -> {},
                slot -> new Unseen());
    }

    /**
     * The same world seen by a detached machine, as a fork is: nothing it does reaches the host.
     * Disks and directories can be read; what it writes to files stays in memory (and to disks, in
     * its own state); its console, messages, frames and screens go nowhere.
     */
    public HostPorts detached() {
        HostPorts quiet = none();
        return withoutEffects()
                .withConsole(quiet.console)
                .withMessages(quiet.messages, quiet.beeper)
                .withDisplays(quiet.displays);
    }

    /** As {@link #detached}, but console, messages and screens are as they are here. */
    public HostPorts withoutEffects() {
        return withDisks(slot -> new UnloggedImage(disks.apply(slot)))
                .withFiles(slot -> new OverlayFiles(files.apply(slot)))
                .withNetworks(none().networks);
    }

    /** The same with another console. */
    public HostPorts withConsole(CharPort other) {
        return new HostPorts(other, messages, beeper, disks, files, networks, displays);
    }

    /** The same with other disks. */
    public HostPorts withDisks(IntFunction<BlockStore> other) {
        return new HostPorts(console, messages, beeper, other, files, networks, displays);
    }

    /** The same with other directories. */
    public HostPorts withFiles(IntFunction<HostFiles> other) {
        return new HostPorts(console, messages, beeper, disks, other, networks, displays);
    }

    /** The same with other networks. */
    public HostPorts withNetworks(IntFunction<FramePort> other) {
        return new HostPorts(console, messages, beeper, disks, files, other, displays);
    }

    /** The same with other places for what the simulator has to say. */
    public HostPorts withMessages(MessagePort other, Beeper otherBeeper) {
        return new HostPorts(console, other, otherBeeper, disks, files, networks, displays);
    }

    /** The same with other screens. */
    public HostPorts withDisplays(IntFunction<DisplaySink> other) {
        return new HostPorts(console, messages, beeper, disks, files, networks, other);
    }

    private static final class Unseen implements DisplaySink {
        @Override
        public void cell(int row, int column, int character) {}

        @Override
        public void cursor(int row, int column) {}
    }
}
