package kseg.host;

import java.io.IOException;
import java.math.BigInteger;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import kseg.config.Sys161Config;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.machine.EngineKind;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import kseg.machine.RunLimit;

/**
 * A target of {@code bench/fuzz}: a session with the meter of a running machine. Whatever the
 * client types, every line is answered as a second, simpler reading of the protocol says; what is
 * kept for a client that does not read is bounded; and the machine ends in the state in which it
 * ends unwatched.
 *
 * <p>The input is what the client types, in pieces as it reaches the meter: three bytes are acts,
 * see below.
 */
public final class MeterFuzz implements AutoCloseable {
    /** A piece ends here, and the client reads the answers. */
    private static final int READ = 0xff;

    /** So does one here, and then the machine runs until the client is due a sample. */
    private static final int RUN = 0xfe;

    /** So does one here; it comes many times over, and the client reads nothing meanwhile. */
    private static final int DEAF = 0xfd;

    private static final int TIMES = 50;
    private static final int MOST_PIECE = 400;
    private static final int LINE_BYTES = 128;

    /** The meter's backlog, and what the host keeps in the two sockets. */
    private static final int MOST_KEPT = (16 << 10) + (32 << 10);

    private static final long RUN_CYCLES = 20_000;
    private static final long NANOS_PER_CYCLE = 40;

    /** Made once: many inputs are tried in one process, one after another. */
    private record World(
            ServerSocketChannel server, Machine machine, Machine.Snapshot start, long unwatched) {
        static final World ONLY = create();

        private static World create() {
            try {
                Path directory = Files.createTempDirectory("fuzz");
                var address = UnixDomainSocketAddress.of(directory.resolve("meter"));
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(address);
                directory.toFile().deleteOnExit(); // when what was registered later is gone
                address.getPath().toFile().deleteOnExit();
                String text = "0 serial\n1 timer\n3 trace\n31 mainboard ramsize=1M cpus=2";
                Sys161Config config = Sys161Config.parse(text, "", List.of());
                MachineSpec spec = MachineSpec.of(config, 7, MachineSpec.DEFAULT_QUANTUM, 0, 0);
                Path guest = Path.of("../guests/images/kseg-demo");
                ElfImage kernel = ElfImage.parse(Files.readAllBytes(guest), "kseg-demo");
                Machine machine = Machine.create(spec, HostPorts.none(), EngineKind.INTERPRETER);
                machine.load(BootImage.of(kernel, spec.ramBytes()), "");
                Machine.Snapshot start = machine.snapshot();
                machine.run(RunLimit.atCycle(RUN_CYCLES));
                return new World(server, machine, start, machine.stateHash());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final SocketChannel client;
    private final SocketChannel served;
    private final Selector selector;
    private final SelectionKey key;
    private final MeterClient meter;
    private final Machine machine = World.ONLY.machine;
    private final ByteBuffer piece = ByteBuffer.allocate(MOST_PIECE);
    private final StringBuilder pending = new StringBuilder();
    private final List<String> due = new ArrayList<>();
    private long intervalNanos = 200_000_000;

    private MeterFuzz() throws IOException {
        client = SocketChannel.open(World.ONLY.server.getLocalAddress());
        served = World.ONLY.server.accept();
        served.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
        served.configureBlocking(false);
        client.configureBlocking(false);
        selector = Selector.open();
        meter = new MeterClient(served);
        key = served.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, meter);
        due.addAll(
                List.of(
                        "HELLO 2",
                        "HEAD nsec kinsns uinsns udud idle irqs exns disk con emu net",
                        "WIDTH 11 9 9 4 9 4 4 4 5 4 4"));
        machine.restore(World.ONLY.start);
        machine.branch();
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        try (MeterFuzz session = new MeterFuzz()) {
            for (byte b : input) {
                session.type(b & 0xff);
            }
            session.deliver();
            session.read();
            session.machine.run(RunLimit.atCycle(RUN_CYCLES));
            long hash = session.machine.stateHash();
            require(hash == World.ONLY.unwatched, "watching changed the machine");
        }
    }

    private void type(int b) throws IOException {
        switch (b) {
            case READ -> {
                deliver();
                read();
            }
            case RUN -> {
                deliver();
                read();
                run();
            }
            case DEAF -> beDeaf();
            default -> {
                piece.put((byte) b);
                if (!piece.hasRemaining()) {
                    deliver();
                    read();
                }
            }
        }
    }

    /** Sends the piece, and has the meter do all it can. */
    private void deliver() throws IOException {
        piece.flip();
        expect(piece);
        piece.rewind();
        while (piece.hasRemaining()) {
            client.write(piece);
            serve();
        }
        piece.clear();
        serve();
    }

    private void serve() throws IOException {
        for (int i = 0; selector.selectNow() > 0; i++) {
            selector.selectedKeys().clear();
            require(meter.serve(key), "the meter hung up");
            require(i < 10_000, "the meter never comes to rest");
        }
    }

    private void run() throws IOException {
        long cycle = Math.ceilDiv(meter.dueNanos(), NANOS_PER_CYCLE);
        machine.run(RunLimit.atCycle(Math.min(cycle, RUN_CYCLES)));
        long nanos = machine.nanos();
        MeterSample sample = new MeterSample(nanos, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        if (nanos >= meter.dueNanos()) {
            due.add(sample.line().strip());
            meter.offer(sample, key);
            require(meter.dueNanos() == nanos + intervalNanos, "due at " + meter.dueNanos());
        } else {
            meter.offer(sample, key);
        }
        read();
    }

    private void beDeaf() throws IOException {
        byte[] text = Arrays.copyOf(piece.array(), piece.position());
        for (int i = 0; i < TIMES; i++) {
            piece.clear().put(text);
            deliver();
        }
        StringBuilder read = new StringBuilder();
        while (take(read) > 0) {
            serve(); // what the meter has kept itself
        }
        require(read.length() <= MOST_KEPT, read.length() + " bytes were kept");
        require(read.isEmpty() || read.toString().endsWith("\r\n"), "half a line");
        for (String line : read.toString().lines().toList()) {
            while (!due.isEmpty() && !due.getFirst().equals(line)) {
                due.removeFirst();
            }
            require(!due.isEmpty(), "nobody asked for " + line);
            due.removeFirst();
        }
        due.clear();
    }

    private void read() throws IOException {
        StringBuilder read = new StringBuilder();
        while (take(read) > 0) {
            serve();
        }
        String wanted = due.isEmpty() ? "" : String.join("\r\n", due) + "\r\n";
        require(read.toString().equals(wanted), "not " + wanted + " but " + read);
        due.clear();
    }

    private int take(StringBuilder read) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        int count = 0;
        while (client.read(buffer) > 0) {
            count += buffer.flip().remaining();
            read.append(StandardCharsets.ISO_8859_1.decode(buffer));
            buffer.clear();
        }
        return count;
    }

    /** The protocol as its description reads, a character at a time. */
    private void expect(ByteBuffer typed) {
        while (typed.hasRemaining()) {
            char c = (char) (typed.get() & 0xff);
            if (c == '\n') {
                String answer = answer(pending.toString());
                if (!answer.isEmpty()) {
                    due.add("BAD " + answer);
                }
                pending.setLength(0);
            } else if (pending.append(c).length() == LINE_BYTES) {
                due.add("BAD Input overflow");
                pending.setLength(0);
            }
        }
    }

    private String answer(String line) {
        List<String> words =
                Stream.of(line.split("[ \t\r\0]+")).filter(word -> !word.isEmpty()).toList();
        if (words.isEmpty()) {
            return "";
        } else if (words.size() > 8) {
            return "Too many words in command";
        } else if (words.size() != 2 || !words.get(0).equalsIgnoreCase("interval")) {
            return "Invalid command";
        }
        BigInteger nanos = number(words.get(1));
        if (nanos.signum() < 0 || nanos.bitLength() > 63) {
            return "Invalid number";
        } else if (nanos.compareTo(BigInteger.valueOf(10_000)) < 0) {
            return "Interval too small";
        } else if (nanos.compareTo(BigInteger.valueOf(2_000_000_000)) > 0) {
            return "Interval too large";
        }
        intervalNanos = nanos.longValueExact();
        return "";
    }

    /** As C writes numbers; negative if it is none. */
    private static BigInteger number(String text) {
        if (text.matches("0[xX][0-9a-fA-F]+")) {
            return new BigInteger(text.substring(2), 16);
        } else if (text.matches("0[0-7]*")) {
            return new BigInteger(text, 8);
        }
        return text.matches("[1-9][0-9]*") ? new BigInteger(text) : BigInteger.ONE.negate();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        served.close();
        selector.close();
    }
}
