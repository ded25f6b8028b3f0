package kseg.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.bus.Lamebus;
import kseg.bus.Width;
import kseg.port.BlockStore;
import kseg.port.DeviceTrace;
import kseg.port.DisplaySink;
import kseg.port.HostFailureException;
import kseg.port.TraceRequests;
import kseg.time.Generator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A guest that reads and writes registers at random, on a board with every card, gets nothing but
 * bus errors and reports of misuse; and at any moment of it the board can be saved, and goes on the
 * same elsewhere.
 */
class HostileGuestTest {
    private static final int ACCESSES = 60_000;
    private static final int CARDS = 9;
    private static final int[] INTERESTING = {
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        12,
        31,
        'k',
        511,
        512,
        4096,
        16383,
        16384,
        16385,
        0x7fff,
        0xffff,
        0x10000,
        0x7fffffff,
        0x80000000,
        -1,
        -2
    };

    /** A board with every card, on an unreliable host. */
    private static final class Board {
        final Rig rig = new Rig();
        final MemoryFiles files = new MemoryFiles();
        final Serial serial;
        final Screen screen;
        final Nic nic;

        Board(long seed) {
            rig.cpus = 4;
            rig.jitter = new Generator(seed, 1);
            files.directories.add("d");
            files.files.put("d/f", new byte[1000]);
            TimeOfDay time = new TimeOfDay(1_000_000);
            var timer =
                    new Timer(
                            rig.line(0),
                            rig.clock(0),
                            () -> rig.message("beep"),
                            rig::misuse,
                            time);
            rig.attach(0, CardId.TIMER, timer);
            serial =
                    new Serial(
                            rig.line(1),
                            rig.clock(1),
                            c -> rig.message("sent " + c),
                            rig::message,
                            false);
            rig.attach(1, CardId.SERIAL, serial);
            var disk =
                    new Disk(
                            2,
                            rig.line(2),
                            rig.clock(2),
                            new UnreliableImage(),
                            rig.exchange,
                            rig::misuse,
                            time,
                            new DoomCounter(5, () -> rig.message("doom")),
                            3600,
                            false,
                            DeviceTrace.NONE);
            rig.attach(2, CardId.DISK, disk);
            var emufs =
                    new Emufs(
                            3,
                            rig.line(3),
                            rig.clock(3),
                            files,
                            rig.exchange,
                            rig::misuse,
                            false,
                            DeviceTrace.NONE);
            rig.attach(3, CardId.EMUFS, emufs);
            screen = new Screen(rig.line(4), rig.clock(4), new Display(), rig::message, 80, 25);
            rig.attach(4, CardId.SCREEN, screen);
            nic =
                    new Nic(
                            5,
                            rig.line(5),
                            rig.clock(5),
                            (nanos, frame) -> rig.message("frame " + frame.length),
                            rig::message,
                            rig::misuse,
                            77,
                            DeviceTrace.NONE);
            rig.attach(5, CardId.NIC, nic);
            rig.attach(6, CardId.RANDOM, new RandomDevice(new Generator(seed, 2)));
            rig.attach(7, CardId.TRACE, new TraceControl(rig::message, new Trace(), rig::misuse));
            rig.attach(
                    Lamebus.CONTROLLER_SLOT,
                    CardId.MAINBOARD,
                    new LamebusController(
                            rig.bus,
                            rig.clock(31),
                            rig,
                            rig.line(31),
                            rig::misuse,
                            1 << 24,
                            false,
                            false));
        }

        /** Does the next thing; says what came of it. */
        String act(Random random) {
            switch (random.nextInt(40)) {
                case 0 -> {
                    rig.pass(random.nextInt(random.nextInt(10) == 0 ? 30_000_000 : 300_000));
                    return "";
                }
                case 1 -> serial.receive(bytes(random, 5));
                case 2 -> screen.receive(bytes(random, 5));
                case 3 -> nic.deliver(bytes(random, 20));
                default -> {
                    return access(random);
                }
            }
            return "";
        }

        private static byte[] bytes(Random random, int most) {
            byte[] bytes = new byte[random.nextInt(most)];
            random.nextBytes(bytes);
            return bytes;
        }

        private String access(Random random) {
            int card = random.nextInt(CARDS);
            int slot = card == CARDS - 1 ? Lamebus.CONTROLLER_SLOT : card;
            Width width = random.nextInt(4) == 0 ? Width.BYTE : Width.WORD;
            width = random.nextInt(8) == 0 ? Width.HALF : width;
            int offset = slot * Lamebus.SLOT_BYTES + register(random, slot);
            offset &= -width.bytes();
            int value =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt();
                        case 1 -> INTERESTING[random.nextInt(INTERESTING.length)];
                        default -> random.nextInt(4);
                    };
            rig.current = random.nextInt(rig.cpus);
            try {
                rig.bus.peek(offset);
                if (random.nextBoolean()) {
                    return "%x=%x".formatted(offset, rig.bus.read(offset, width));
                }
                rig.bus.write(offset, value, width);
                return "";
            } catch (BusError e) {
                return "%x bus error".formatted(offset);
            }
        }

        private static int register(Random random, int slot) {
            int low = 4 * random.nextInt(10);
            if (slot == Lamebus.CONTROLLER_SLOT) {
                return switch (random.nextInt(3)) {
                    case 0 -> 0x7e00 + low;
                    case 1 -> 0x8000 + 0x400 * random.nextInt(6) + low;
                    default -> random.nextInt(Lamebus.SLOT_BYTES);
                };
            }
            return switch (random.nextInt(10)) {
                case 0 -> random.nextInt(Lamebus.SLOT_BYTES);
                case 1 -> 0x8000 + random.nextInt(64);
                case 2 -> 0x9000 + random.nextInt(16);
                default -> low;
            };
        }

        private final class Display implements DisplaySink {
            @Override
            public void cell(int row, int column, int character) {
                assertThat(row).isBetween(0, 24);
                assertThat(column).isBetween(0, 79);
            }

            @Override
            public void cursor(int row, int column) {
                rig.message("cursor");
            }
        }

        private final class Trace implements TraceRequests {
            @Override
            public void trace(char kind, boolean on) {
                rig.message("trace " + kind);
            }

            @Override
            public void dump() {
                rig.message("dump");
            }

            @Override
            public void debuggerStop() {
                rig.message("stop");
            }

            @Override
            public void profile(boolean on) {
                rig.message("profile");
            }

            @Override
            public void clearProfile() {
                rig.message("clear");
            }
        }
    }

    private static final class UnreliableImage implements BlockStore {
        @Override
        public int sectors() {
            return 8192;
        }

        @Override
        public void read(int sector, byte[] into) {
            if (sector % 3 == 2) {
                throw new HostFailureException("bad");
            }
            into[0] = (byte) sector;
        }

        @Override
        public void written(int sector, byte[] data) {
            if (sector % 3 == 1) {
                throw new HostFailureException("full");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void getsNothingButBusErrorsAndMisuse(long seed) {
        Board board = new Board(seed);
        Random random = new Random(seed);
        int busErrors = 0;
        for (int i = 0; i < ACCESSES; i++) {
            busErrors += board.act(random).endsWith("bus error") ? 1 : 0;
        }
        assertThat(busErrors).isBetween(ACCESSES / 20, ACCESSES * 4 / 5);
        assertThat(board.rig.log)
                .anyMatch(entry -> entry.startsWith("misuse: "))
                .contains("power off", "cursor", "beep", "doom");
        assertThat(board.files.files.keySet()).allMatch(path -> !path.contains(".."));
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 9, 16, 25})
    void canBeSavedAtAnyMomentAndGoesOnTheSameElsewhere(long seed) {
        Board board = new Board(seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 150; i++) {
                board.act(random);
            }
            Board twin = new Board(seed);
            twin.rig.restore(board.rig.save());
            twin.rig.current = board.rig.current;
            twin.files.files.clear();
            twin.files.files.putAll(board.files.files);
            long future = random.nextLong();
            board.rig.jitter = new Generator(future, 1);
            twin.rig.jitter = new Generator(future, 1);
            board.rig.log.clear();
            assertThat(go(twin, new Random(future))).isEqualTo(go(board, new Random(future)));
            assertThat(twin.rig.log).isEqualTo(board.rig.log);
            assertThat(twin.rig.save().toBytes()).isEqualTo(board.rig.save().toBytes());
        }
    }

    private static List<String> go(Board board, Random random) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            seen.add(board.act(random));
        }
        return seen;
    }
}
