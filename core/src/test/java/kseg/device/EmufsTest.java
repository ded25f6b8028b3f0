package kseg.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.port.DeviceTrace;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import kseg.port.HostFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmufsTest {
    private static final int SLOT = 6;
    private static final int HANDLE = 0x00;
    private static final int OFFSET = 0x04;
    private static final int LENGTH = 0x08;
    private static final int OPERATION = 0x0c;
    private static final int RESULT = 0x10;
    private static final int BUFFER = 0x8000;
    private static final int OPEN = 1;
    private static final int CREATE = 2;
    private static final int EXCLUSIVE = 3;
    private static final int CLOSE = 4;
    private static final int READ = 5;
    private static final int READDIR = 6;
    private static final int WRITE = 7;
    private static final int GETSIZE = 8;
    private static final int TRUNCATE = 9;
    private static final int OK = 1;
    private static final int BAD_HANDLE = 2;
    private static final int BAD_OPERATION = 3;
    private static final int BAD_PATH = 4;
    private static final int BAD_SIZE = 5;
    private static final int OUT_OF_HANDLES = 9;

    private final Bench bench = new Bench(false);

    private static final class Bench {
        final Rig rig = new Rig();
        final MemoryFiles files = new MemoryFiles();
        final Emufs emufs;

        Bench(boolean asSystem161) {
            files.directories.add("bin");
            files.files.put("bin/true", "#!true".getBytes(UTF_8));
            files.files.put("hello", "hello, world".getBytes(UTF_8));
            emufs =
                    rig.attach(
                            SLOT,
                            CardId.EMUFS,
                            new Emufs(
                                    SLOT,
                                    rig.line(SLOT),
                                    rig.clock(SLOT),
                                    files,
                                    rig.exchange,
                                    rig::misuse,
                                    asSystem161,
                                    DeviceTrace.NONE));
        }

        int read(int register) {
            return rig.read(SLOT, register);
        }

        void write(int register, int value) {
            rig.write(SLOT, register, value);
        }

        void fill(String text) {
            byte[] bytes = Arrays.copyOf(text.getBytes(UTF_8), (text.length() + 4) & ~3);
            for (int i = 0; i < bytes.length; i += 4) {
                write(BUFFER + i, Words.get(bytes, i));
            }
        }

        String buffer(int length) {
            byte[] bytes = new byte[(length + 3) & ~3];
            for (int i = 0; i < bytes.length; i += 4) {
                Words.put(bytes, i, read(BUFFER + i));
            }
            return new String(bytes, 0, length, UTF_8);
        }

        void start(int operation, int handle, int offset, int length) {
            write(HANDLE, handle);
            write(OFFSET, offset);
            write(LENGTH, length);
            write(OPERATION, operation);
        }

        int perform(int operation, int handle, int offset, int length) {
            start(operation, handle, offset, length);
            rig.pass(5_000_000);
            int result = read(RESULT);
            write(RESULT, 0);
            return result;
        }

        int open(int operation, int directory, String path) {
            fill(path);
            return perform(operation, directory, 0, path.length());
        }

        /** Opens what exists; gives its handle. */
        int handle(String path) {
            assertThat(open(OPEN, 0, path)).isEqualTo(OK);
            return read(HANDLE);
        }
    }

    @Test
    void inStrictModeTheHostIsAskedAtTheStart() {
        Bench strict = new Bench(true);
        int handle = strict.handle("hello");
        strict.start(READ, handle, 7, 100);
        strict.files.files.remove("hello");
        assertThat(strict.buffer(5)).isEqualTo("world");
        assertThat(strict.read(LENGTH)).isEqualTo(5);
        strict.rig.pass(4_999_999);
        assertThat(strict.read(RESULT)).isZero();
        strict.rig.pass(1);
        assertThat(strict.read(RESULT)).isEqualTo(OK);
    }

    @Test
    void anOperationTakesFiveMillisecondsAndRaisesTheLineUntilAcknowledged() {
        bench.fill("hello");
        bench.start(OPEN, 0, 0, 5);
        assertThat(bench.read(OPERATION)).isZero();
        bench.rig.pass(4_999_999);
        assertThat(bench.read(RESULT)).isZero();
        assertThat(bench.rig.raised(SLOT)).isFalse();
        bench.rig.pass(1);
        assertThat(bench.read(RESULT)).isEqualTo(OK);
        assertThat(bench.rig.raised(SLOT)).isTrue();
        bench.write(RESULT, 0);
        assertThat(bench.rig.raised(SLOT)).isFalse();
        bench.write(RESULT, 77);
        assertThat(bench.read(RESULT)).isEqualTo(77);
        assertThat(bench.rig.raised(SLOT)).isTrue();
    }

    @Test
    void openGivesAHandleAndTellsDirectories() {
        assertThat(bench.open(OPEN, 0, "hello")).isEqualTo(OK);
        assertThat(bench.read(HANDLE)).isEqualTo(1);
        assertThat(bench.read(LENGTH)).isZero();
        assertThat(bench.open(OPEN, 0, "bin")).isEqualTo(OK);
        assertThat(bench.read(HANDLE)).isEqualTo(2);
        assertThat(bench.read(LENGTH)).isEqualTo(1);
        assertThat(bench.open(OPEN, 2, "true")).isEqualTo(OK);
        assertThat(bench.read(HANDLE)).isEqualTo(3);
        assertThat(bench.emufs.counts().others()).isEqualTo(4);
    }

    @Test
    void eachOpenHasAHandleOfItsOwn() {
        int one = bench.handle("hello");
        int two = bench.handle("hello");
        assertThat(two).isNotEqualTo(one);
        assertThat(bench.perform(CLOSE, one, 0, 0)).isEqualTo(OK);
        assertThat(bench.perform(GETSIZE, one, 0, 0)).isEqualTo(BAD_HANDLE);
        assertThat(bench.perform(GETSIZE, two, 0, 0)).isEqualTo(OK);
        assertThat(bench.handle("bin/true")).isEqualTo(one);
    }

    @Test
    void sharedAnOpenObjectGivesItsHandleAgain() {
        Bench shared = new Bench(true);
        int one = shared.handle("hello");
        assertThat(shared.handle("bin/../hello")).isEqualTo(one);
        assertThat(shared.perform(CLOSE, one, 0, 0)).isEqualTo(OK);
        assertThat(shared.perform(GETSIZE, one, 0, 0)).isEqualTo(BAD_HANDLE);
    }

    @Test
    void theRootIsAlwaysHandle0() {
        assertThat(bench.handle(".")).isZero();
        assertThat(bench.handle("bin/..")).isZero();
        assertThat(bench.read(LENGTH)).isEqualTo(1);
        assertThat(bench.perform(CLOSE, 0, 0, 0)).isEqualTo(OK);
        assertThat(bench.open(OPEN, 0, "hello")).isEqualTo(BAD_HANDLE);
    }

    @Test
    void createMakesAFileUnlessThereIsOne() {
        assertThat(bench.open(CREATE, 0, "new")).isEqualTo(OK);
        assertThat(bench.files.files.get("new")).isEmpty();
        assertThat(bench.open(CREATE, 0, "hello")).isEqualTo(OK);
        assertThat(bench.files.files.get("hello")).hasSize(12);
        assertThat(bench.open(CREATE, 0, "bin")).isEqualTo(7);
        assertThat(bench.open(EXCLUSIVE, 0, "newer")).isEqualTo(OK);
        assertThat(bench.open(EXCLUSIVE, 0, "hello")).isEqualTo(6);
        assertThat(bench.open(CREATE, 0, "none/new")).isEqualTo(BAD_PATH);
        assertThat(bench.open(OPEN, 0, "hello/x")).isEqualTo(11);
    }

    @Test
    void aPathEndsAtANulAndMustBeShorterThanTheBuffer() {
        bench.fill("hello\0rest");
        assertThat(bench.perform(OPEN, 0, 0, 10)).isEqualTo(OK);
        assertThat(bench.perform(OPEN, 0, 0, 16_384)).isEqualTo(BAD_SIZE);
        assertThat(bench.perform(OPEN, 0, 0, -1)).isEqualTo(BAD_SIZE);
        assertThat(bench.perform(OPEN, 0, 0, 0)).isEqualTo(BAD_PATH);
        assertThat(bench.open(OPEN, 0, "x".repeat(16_383))).isEqualTo(BAD_PATH);
    }

    @Test
    void readDeliversDataAndAdvances() {
        int file = bench.handle("hello");
        assertThat(bench.perform(READ, file, 7, 16_384)).isEqualTo(OK);
        assertThat(bench.read(LENGTH)).isEqualTo(5);
        assertThat(bench.read(OFFSET)).isEqualTo(12);
        assertThat(bench.buffer(5)).isEqualTo("world");
        assertThat(bench.perform(READ, file, 12, 100)).isEqualTo(OK);
        assertThat(bench.read(LENGTH)).isZero();
        assertThat(bench.perform(READ, file, -1, 100)).isEqualTo(OK);
        assertThat(bench.read(LENGTH)).isZero();
        assertThat(bench.perform(READ, file, 0, 16_385)).isEqualTo(BAD_SIZE);
        assertThat(bench.perform(READ, 0, 0, 10)).isEqualTo(7);
        assertThat(bench.emufs.counts().reads()).isEqualTo(3);
    }

    @Test
    void writeTakesTheBufferAsItWasAtTheStart() {
        int file = bench.handle("hello");
        bench.fill("HELLO!");
        bench.start(WRITE, file, 10, 6);
        bench.fill("later!");
        bench.write(LENGTH, 3);
        bench.rig.pass(5_000_000);
        assertThat(bench.read(RESULT)).isEqualTo(OK);
        assertThat(bench.read(LENGTH)).isEqualTo(6);
        assertThat(bench.read(OFFSET)).isEqualTo(16);
        assertThat(bench.files.files.get("hello")).isEqualTo("hello, worHELLO!".getBytes(UTF_8));
        assertThat(bench.perform(WRITE, file, 0, 16_385)).isEqualTo(BAD_SIZE);
        assertThat(bench.perform(WRITE, 0, 0, 10)).isEqualTo(7);
        assertThat(bench.emufs.counts().writes()).isEqualTo(1);
    }

    @Test
    void readDirectoryGivesOneNameAtATime() {
        List<String> names = new ArrayList<>();
        for (int i = 0; ; i++) {
            assertThat(bench.perform(READDIR, 0, i, 100)).isEqualTo(OK);
            if (bench.read(LENGTH) == 0) {
                assertThat(bench.read(OFFSET)).isEqualTo(i);
                break;
            }
            assertThat(bench.read(OFFSET)).isEqualTo(i + 1);
            names.add(bench.buffer(bench.read(LENGTH)));
        }
        assertThat(names).containsExactly(".", "..", "bin", "hello");
        assertThat(bench.perform(READDIR, 0, 3, 2)).isEqualTo(OK);
        assertThat(bench.buffer(bench.read(LENGTH))).isEqualTo("he");
        assertThat(bench.perform(READDIR, 0, 0, 16_385)).isEqualTo(BAD_SIZE);
        assertThat(bench.perform(READDIR, bench.handle("hello"), 0, 10)).isEqualTo(11);
    }

    @Test
    void sizesAreReadAndSet() {
        int file = bench.handle("hello");
        assertThat(bench.perform(GETSIZE, file, 0, 99)).isEqualTo(OK);
        assertThat(bench.read(LENGTH)).isEqualTo(12);
        assertThat(bench.perform(TRUNCATE, file, 0, 5)).isEqualTo(OK);
        assertThat(bench.files.files.get("hello")).isEqualTo("hello".getBytes(UTF_8));
        assertThat(bench.perform(TRUNCATE, 0, 0, 5)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 0x7fffffff, 0x80000000, -1})
    void aHandleThatIsNotOpenIsBad(int handle) {
        for (int operation = OPEN; operation <= TRUNCATE; operation++) {
            assertThat(bench.perform(operation, handle, 0, 4)).isEqualTo(BAD_HANDLE);
        }
        assertThat(bench.files.asked).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, -1, 0x7fffffff})
    void otherOperationsAreBad(int operation) {
        assertThat(bench.perform(operation, 0, 0, 0)).isEqualTo(BAD_OPERATION);
    }

    @Test
    void thereAre64Handles() {
        for (int i = 1; i < 64; i++) {
            assertThat(bench.handle("hello")).isEqualTo(i);
        }
        assertThat(bench.open(CREATE, 0, "new")).isEqualTo(OUT_OF_HANDLES);
        assertThat(bench.files.files).doesNotContainKey("new");
        bench.perform(CLOSE, 40, 0, 0);
        assertThat(bench.handle("bin")).isEqualTo(40);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void theHostsRefusalIsAResult(Reason reason) {
        int file = bench.handle("hello");
        bench.files.trouble = new FileRefusedException(reason);
        int expected =
                switch (reason) {
                    case BAD_PATH -> 4;
                    case BAD_SIZE -> 5;
                    case EXISTS -> 6;
                    case IS_DIRECTORY -> 7;
                    case NOT_DIRECTORY -> 11;
                    case MEDIA -> 8;
                    case NO_SPACE -> 10;
                    case GONE -> 2;
                    case UNKNOWN -> 12;
                };
        assertThat(bench.perform(READ, file, 0, 4)).isEqualTo(expected);
        assertThat(bench.open(OPEN, 0, "hello")).isEqualTo(expected);
        assertThat(bench.read(HANDLE)).isZero();
    }

    @Test
    void theHostsFailureIsAMediaError() {
        int file = bench.handle("hello");
        bench.files.trouble = new HostFailureException("I/O error");
        assertThat(bench.perform(WRITE, file, 0, 4)).isEqualTo(8);
    }

    @Test
    void startingWhileBusyIsMisuse() {
        bench.start(GETSIZE, 0, 0, 0);
        bench.start(CLOSE, 0, 0, 0);
        assertThat(bench.rig.log)
                .containsExactly(
                        "misuse: emufs operation started while an operation was already in"
                                + " progress");
        bench.rig.pass(5_000_000);
        assertThat(bench.read(LENGTH)).isEqualTo(4096);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x14, 0x7ffc, 0xc000, 0xfffc})
    void elsewhereIsABusError(int register) {
        assertThatThrownBy(() -> bench.read(register)).isSameAs(BusError.INSTANCE);
        assertThatThrownBy(() -> bench.write(register, 0)).isSameAs(BusError.INSTANCE);
    }

    @Test
    void aReplayLeavesTheHostAlone() {
        scenario(bench);
        Bench replay = new Bench(false);
        replay.rig.exchange.replay(bench.rig.exchange.journal);
        scenario(replay);
        assertThat(replay.files.asked).isZero();
        assertThat(replay.rig.save().toBytes()).isEqualTo(bench.rig.save().toBytes());
        assertThat(replay.files.files).doesNotContainKey("made");
    }

    private static void scenario(Bench on) {
        int file = on.handle("hello");
        on.perform(READ, file, 0, 8);
        on.open(CREATE, 0, "made");
        on.perform(WRITE, on.read(HANDLE), 0, 8);
        on.perform(READDIR, 0, 2, 8);
        on.open(OPEN, 0, "none");
        on.perform(GETSIZE, file, 0, 0);
    }

    @Test
    void stateSavedInTheMiddleOfEveryOperationContinuesTheSame() {
        for (int operation = 0; operation <= TRUNCATE + 1; operation++) {
            Bench one = new Bench(false);
            int file = one.handle("hello");
            one.fill("abc");
            one.start(operation, operation <= EXCLUSIVE ? 0 : file, 3, 3);
            one.rig.pass(2_000_000);
            Bench two = new Bench(false);
            two.rig.restore(one.rig.save());
            one.rig.pass(3_000_000);
            two.rig.pass(3_000_000);
            assertThat(two.read(RESULT)).isEqualTo(one.read(RESULT)).isNotZero();
            assertThat(two.rig.save().toBytes()).isEqualTo(one.rig.save().toBytes());
            assertThat(two.files.files.keySet()).isEqualTo(one.files.files.keySet());
        }
    }
}
