package kseg.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * A target of {@code bench/fuzz}: whatever arrives, a hub sends every good frame, and nothing else,
 * once to each station that has spoken, the sender too, as hub161 does; and it never waits for one
 * that does not listen. Checked against a second, simpler model of the hub.
 *
 * <p>The input is a list of acts, each a byte: who (bits 0, 1), what (bits 2, 3; see {@link #act}),
 * and whether nobody listens to what comes of it (bit 4); operands follow.
 */
public final class HubFuzz implements AutoCloseable {
    private static final int STATIONS = 4;

    /** So many frames fit into the queue of a socket on every system. */
    private static final int ROOM = 8;

    /** Frames to one who has gone before the hub forgets him. */
    private static final int PATIENCE = 5;

    private final Path directory;
    private final FrameSocket[] sockets = new FrameSocket[STATIONS];
    private final List<Queue<byte[]>> expected = new ArrayList<>();
    private final Map<Integer, int[]> model = new LinkedHashMap<>();
    private final List<String> news = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Hub hub;
    private int newsDue;
    private int complaintsDue;

    private HubFuzz() throws IOException {
        directory = Files.createTempDirectory("fuzz");
        hub = new Hub(FrameSocket.open(path("hub")), news::add, complaints::add);
        for (int i = 0; i < STATIONS; i++) {
            sockets[i] = FrameSocket.open(path("net" + i));
            expected.add(new ArrayDeque<>());
        }
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        try (HubFuzz fuzz = new HubFuzz()) {
            ByteBuffer acts = ByteBuffer.wrap(input);
            while (acts.hasRemaining()) {
                fuzz.act(acts);
            }
            fuzz.listen();
        }
    }

    private static int next(ByteBuffer acts) {
        return acts.hasRemaining() ? acts.get() & 0xff : 0;
    }

    private void act(ByteBuffer acts) throws IOException {
        int act = next(acts);
        int who = act & 3;
        switch (act >> 2 & 3) {
            case 0 -> send(who, frame(next(acts), next(acts), 8 + next(acts)));
            case 1 -> send(who, raw(acts));
            case 2 -> send(who, frame(next(acts), next(acts), next(acts) << 8 | next(acts)));
            default -> comeOrGo(who);
        }
        if ((act & 16) == 0) {
            listen();
        }
    }

    /** A frame whose header is right, unless the length is none a frame can have. */
    private static byte[] frame(int from, int to, int length) {
        byte[] frame = new byte[Math.clamp(length, 8, FrameSocket.MOST_BYTES + 1)];
        ByteBuffer header = ByteBuffer.wrap(frame);
        header.putShort((short) 0xa4b3).putShort((short) (from == 0xff ? 0xffff : from));
        header.putShort((short) length).putShort((short) to);
        Arrays.fill(frame, 8, frame.length, (byte) (from ^ length));
        return frame;
    }

    private static byte[] raw(ByteBuffer acts) {
        byte[] datagram = new byte[Math.min(next(acts), acts.remaining())];
        acts.get(datagram);
        return datagram;
    }

    private void comeOrGo(int who) throws IOException {
        if (sockets[who] != null) {
            listen();
            sockets[who].close();
            sockets[who] = null;
        } else {
            sockets[who] = FrameSocket.open(path("net" + who));
        }
    }

    private void send(int who, byte[] frame) throws IOException {
        if (sockets[who] == null) {
            return;
        }
        FrameSocket.Outcome outcome = sockets[who].offer(frame, path("hub"));
        require(outcome == FrameSocket.Outcome.TAKEN, "the hub: " + outcome);
        hub.serve(Duration.ZERO);
        expect(who, frame);
        require(news.size() == newsDue, "news " + news);
        require(complaints.size() == complaintsDue, "complaints " + complaints);
    }

    private void expect(int who, byte[] frame) {
        if (!isGood(frame)) {
            complaintsDue++;
            return;
        }
        int from = ByteBuffer.wrap(frame).getShort(2) & 0xffff;
        int[] station = model.get(from);
        if (station == null) {
            newsDue++;
            model.put(from, new int[] {who, 0});
        } else {
            station[0] = who;
        }
        if (ByteBuffer.wrap(frame).getShort(6) == 0) {
            return;
        }
        for (Iterator<int[]> all = model.values().iterator(); all.hasNext(); ) {
            int[] one = all.next();
            if (sockets[one[0]] != null) {
                expected.get(one[0]).add(frame);
            } else {
                complaintsDue++;
                one[1]++;
            }
            if (one[1] > PATIENCE) {
                newsDue++;
                all.remove();
            }
        }
    }

    private static boolean isGood(byte[] frame) {
        if (frame.length < 8 || frame.length > FrameSocket.MOST_BYTES) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(frame);
        return header.getShort(0) == (short) 0xa4b3
                && (header.getShort(4) & 0xffff) == frame.length
                && header.getShort(2) != -1;
    }

    /** Everybody takes what is there: all that was sent, or, if that is more than fits, some. */
    private void listen() throws IOException {
        for (int i = 0; i < STATIONS; i++) {
            Queue<byte[]> due = expected.get(i);
            boolean all = due.size() <= ROOM;
            Optional<FrameSocket.Received> received = next(i);
            while (received.isPresent()) {
                byte[] frame = received.get().frame();
                while (!due.isEmpty() && !all && !Arrays.equals(due.peek(), frame)) {
                    due.remove();
                }
                require(Arrays.equals(due.poll(), frame), "a frame that nobody sent");
                received = next(i);
            }
            require(!all || due.isEmpty(), "frames were lost");
            due.clear();
        }
    }

    private Optional<FrameSocket.Received> next(int who) throws IOException {
        return sockets[who] == null ? Optional.empty() : sockets[who].receive(Duration.ZERO);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public void close() throws IOException {
        hub.close();
        for (FrameSocket socket : sockets) {
            if (socket != null) {
                socket.close();
            }
        }
        Files.delete(directory);
    }
}
