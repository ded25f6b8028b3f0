package kseg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import kseg.config.DeviceConfig.NicConfig;
import kseg.config.SlotConfig;
import kseg.config.Sys161Config;
import kseg.config.UserErrorException;
import kseg.device.Nic;
import kseg.host.FrameSocket;
import kseg.host.HostErrors;
import kseg.journal.Input;
import kseg.machine.Machine;
import kseg.port.DeviceTrace;
import kseg.port.FramePort;
import kseg.port.TraceKind;

/**
 * The network cards of a machine, each with a socket of its own that knows the way to its hub.
 * Frames that come in are inputs of the machine, taken between calls of {@link Machine#run}.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class Network implements AutoCloseable {
    /**
     * A card's word to its hub that it is there, every second: of the host's time, for a machine
     * that waits for a frame has no time.
     */
    private static final long KEEP_ALIVE_NANOS = 1_000_000_000;

    private static final int MAGIC = 0xa4b3;

    /** Frames that wait for a card whose buffer is full. Further ones are lost: no hub waits. */
    private static final int MOST_WAITING = 64;

    /** How long a hub is waited for that takes no frames. */
    private static final long PATIENCE_NANOS = 100_000_000;

    private static final long BLINK_NANOS = 100_000;

    private final Messages messages;
    private final Map<Integer, Card> cards = new LinkedHashMap<>();

    private Network(Messages messages) {
        this.messages = messages;
    }

    /** No cards. */
    static Network none(Messages messages) {
        return new Network(messages);
    }

    /** Opens a socket for each card: {@code .sockets/net-HHHH}, or a UDP port. */
    static Network open(Host host, Sys161Config config) throws UserErrorException {
        Network network = new Network(host.messages());
        try {
            for (SlotConfig slot : config.slots()) {
                if (slot.device() instanceof NicConfig nic) {
                    network.cards.put(slot.slot(), network.card(host, slot.slot(), nic));
                }
            }
            return network;
        } catch (UserErrorException e) {
            network.close();
            throw e;
        }
    }

    private Card card(Host host, int slot, NicConfig nic) throws UserErrorException {
        if (nic.hub().startsWith(FrameSocket.UDP)) {
            return new Card(slot, nic.hwaddr(), open(nic.hub(), FrameSocket.UDP + "0"), nic.hub());
        }
        Path directory = host.path(Sockets.DIRECTORY).toAbsolutePath().normalize();
        Path path = directory.resolve("net-%04x".formatted(nic.hwaddr()));
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw HostErrors.of(path, e, "");
        }
        FrameSocket socket = open(path.toString(), path.toString());
        return new Card(slot, nic.hwaddr(), socket, host.path(nic.hub()).toString());
    }

    private static FrameSocket open(String shown, String address) throws UserErrorException {
        try {
            return FrameSocket.open(address);
        } catch (IOException e) {
            throw HostErrors.of(Path.of(shown), e, "");
        }
    }

    /** Whether there is a card, so that a world outside lives in real time. */
    boolean isLive() {
        return !cards.isEmpty();
    }

    /** Where the frames of a card go. */
    FramePort port(int slot) {
        Card card = cards.get(slot);
        if (card == null) {
            throw new IllegalArgumentException("no card in slot " + slot);
        }
        return (_, frame) -> card.send(frame);
    }

    /** Says that the cards are there when it is time; hands over what has come, if anything. */
    boolean exchange(Machine machine) {
        boolean any = false;
        for (Card card : cards.values()) {
            card.keepAlive(System.nanoTime(), machine.deviceTrace(TraceKind.NETWORK));
            Optional<byte[]> frame = card.received(machine);
            if (frame.isPresent()) {
                machine.input(new Input(Input.Kind.FRAME, card.slot, frame.get()));
                any = true;
            }
        }
        return any;
    }

    @Override
    public void close() {
        cards.values().forEach(card -> card.socket.close());
    }

    private final class Card {
        private final int slot;
        private final int hwaddr;
        private final FrameSocket socket;
        private final String hub;
        private long keptAliveNanos = System.nanoTime() - KEEP_ALIVE_NANOS;
        private boolean carrier;
        private boolean told;
        private boolean stuck;
        private final Deque<byte[]> waiting = new ArrayDeque<>();

        Card(int slot, int hwaddr, FrameSocket socket, String hub) {
            this.slot = slot;
            this.hwaddr = hwaddr;
            this.socket = socket;
            this.hub = hub;
        }

        /** Sends a frame. The hub may have no room because it waits for us to take one. */
        void send(byte[] frame) {
            long started = System.nanoTime();
            FrameSocket.Outcome outcome = socket.offer(frame, hub);
            while (outcome == FrameSocket.Outcome.NO_ROOM
                    && !stuck
                    && System.nanoTime() - started < PATIENCE_NANOS) {
                collect();
                LockSupport.parkNanos(BLINK_NANOS);
                outcome = socket.offer(frame, hub);
            }
            boolean lost = outcome == FrameSocket.Outcome.NO_ROOM;
            if (lost && !stuck) {
                messages.say("nic: slot " + slot + ": the hub takes no frames, so they are lost");
            }
            stuck = lost;
            tell(outcome != FrameSocket.Outcome.NOBODY);
        }

        void keepAlive(long nanos, DeviceTrace trace) {
            if (nanos - keptAliveNanos >= KEEP_ALIVE_NANOS) {
                keptAliveNanos = nanos;
                byte high = (byte) (hwaddr >>> 8);
                send(
                        new byte[] {
                            (byte) (MAGIC >>> 8), (byte) MAGIC, high, (byte) hwaddr, 0, 8, 0, 0
                        });
                if (trace.on()) {
                    String outcome = carrier ? "succeeded" : "rejected: " + obstacle();
                    trace.say("nic: slot " + slot + ": keepalive " + outcome);
                }
            }
        }

        /** Why nobody takes frames, as the system says it. */
        private String obstacle() {
            boolean path = !hub.startsWith(FrameSocket.UDP);
            return path && Files.notExists(Path.of(hub))
                    ? "No such file or directory"
                    : "Connection refused";
        }

        private void tell(boolean reached) {
            if (reached != carrier) {
                carrier = reached;
                String what = reached ? "carrier detected" : "lost carrier";
                messages.say("nic: slot " + slot + ": " + what);
            } else if (!reached && !told) {
                messages.say("nic: slot " + slot + ": nobody at " + hub + " yet (see hub161)");
            }
            told = true;
        }

        /** The next frame, if one has come and the card has room for it. */
        Optional<byte[]> received(Machine machine) {
            collect();
            boolean free =
                    machine.board().bus().device(slot) instanceof Nic nic && nic.canReceive();
            return free ? Optional.ofNullable(waiting.poll()) : Optional.empty();
        }

        /** Takes what has come from the socket, where it would be in others' way. */
        private void collect() {
            try {
                for (int i = 0; i < MOST_WAITING; i++) {
                    Optional<FrameSocket.Received> next = socket.receive(Duration.ZERO);
                    if (next.isEmpty()) {
                        return;
                    }
                    if (waiting.size() < MOST_WAITING) {
                        waiting.add(next.get().frame());
                    }
                }
            } catch (IOException e) {
                tell(false);
            }
        }
    }
}
