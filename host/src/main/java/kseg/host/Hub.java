package kseg.host;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The hub of a network of System/161 machines: sends every frame on to all who have ever sent one,
 * the sender too. Whoever cannot be reached any more is forgotten after some attempts; whoever does
 * not take what is sent misses it, and holds nobody up.
 *
 * <p>Not thread-safe.
 */
public final class Hub implements AutoCloseable {
    // The header of a frame: four half-words, big-endian.
    private static final int HEADER_BYTES = 8;
    private static final int MAGIC = 0xa4b3;
    private static final int H_FROM = 2;
    private static final int H_LENGTH = 4;
    private static final int H_TO = 6;

    private static final int BROADCAST = 0xffff;
    private static final int HUB = 0;
    private static final int MOST_FAILURES = 5;

    private final FrameSocket socket;
    private final Consumer<String> news;
    private final Consumer<String> complaints;
    private final Map<Integer, Station> stations = new LinkedHashMap<>();

    private static final class Station {
        private String address;
        private int failures;

        Station(String address) {
            this.address = address;
        }
    }

    /**
     * @param news told of who comes and goes
     * @param complaints told of what is wrong
     */
    public Hub(FrameSocket socket, Consumer<String> news, Consumer<String> complaints) {
        this.socket = socket;
        this.news = news;
        this.complaints = complaints;
    }

    /** Waits for a frame, and sends it on if one comes. */
    public void serve(Duration patience) throws IOException {
        Optional<FrameSocket.Received> received = socket.receive(patience);
        if (received.isPresent() && isGood(received.get().frame())) {
            forward(received.get());
        }
    }

    private void forward(FrameSocket.Received received) {
        byte[] frame = received.frame();
        int from = half(frame, H_FROM);
        Station known = stations.get(from);
        if (known == null) {
            news.accept("adding %04x from %s".formatted(from, received.from()));
            stations.put(from, new Station(received.from()));
        } else {
            known.address = received.from();
        }
        if (half(frame, H_TO) == HUB) {
            return; // only to be known
        }
        Iterator<Map.Entry<Integer, Station>> all = stations.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Integer, Station> station = all.next();
            if (socket.offer(frame, station.getValue().address) == FrameSocket.Outcome.NOBODY) {
                complaints.accept("%04x cannot be reached".formatted(station.getKey()));
                station.getValue().failures++;
            }
            if (station.getValue().failures > MOST_FAILURES) {
                news.accept("dropping %04x".formatted(station.getKey()));
                all.remove();
            }
        }
    }

    private boolean isGood(byte[] frame) {
        if (frame.length < HEADER_BYTES) {
            complaints.accept("runt packet (size " + frame.length + ")");
        } else if (half(frame, 0) != MAGIC) {
            complaints.accept("frame error [%04x]".formatted(half(frame, 0)));
        } else if (half(frame, H_LENGTH) != frame.length) {
            int stated = half(frame, H_LENGTH);
            complaints.accept("bad size [%04x %04x]".formatted(stated, frame.length));
        } else if (frame.length > FrameSocket.MOST_BYTES) {
            complaints.accept("packet too large (size " + frame.length + " or more)");
        } else if (half(frame, H_FROM) == BROADCAST) {
            complaints.accept("packet came from broadcast addr (dropped)");
        } else {
            return true;
        }
        return false;
    }

    private static int half(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
    }

    @Override
    public void close() {
        socket.close();
    }
}
