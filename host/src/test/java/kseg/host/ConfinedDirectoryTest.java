package kseg.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import kseg.config.UserErrorException;
import kseg.port.FileRefusedException;
import kseg.port.FileRefusedException.Reason;
import kseg.port.HostFiles.Entry;
import kseg.port.HostFiles.Mode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest can do in its directory, and all the ways in which it cannot get out. */
class ConfinedDirectoryTest {
    private static final byte[] SECRET = "secret".getBytes(UTF_8);

    @TempDir Path world;
    private Path inside;
    private Path secret;
    private ConfinedDirectory files;

    @BeforeEach
    void open() throws Exception {
        inside = Files.createDirectory(world.resolve("inside"));
        Path outside = Files.createDirectory(world.resolve("outside"));
        secret = Files.write(outside.resolve("secret"), SECRET);
        Files.createDirectory(inside.resolve("d"));
        Files.writeString(inside.resolve("d/f"), "file in d");
        Files.writeString(inside.resolve("hello"), "hello, world");
        files = ConfinedDirectory.of(inside);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
        assertThat(secret).hasBinaryContent(SECRET);
        try (var outside = Files.list(secret.getParent())) {
            assertThat(outside).containsExactly(secret);
        }
    }

    private static void refused(Reason reason, ThrowingCallable what) {
        assertThatThrownBy(what).isInstanceOf(FileRefusedException.class).hasMessage(reason.name());
    }

    private Entry open(String path) {
        return files.open("", path, Mode.EXISTING);
    }

    private static List<String> names(ConfinedDirectory files, String directory) {
        List<String> names = new ArrayList<>();
        for (int i = 0; files.name(directory, i) != null; i++) {
            names.add(files.name(directory, i));
        }
        return names;
    }

    @Test
    void findsFilesAndDirectories() {
        assertThat(open("hello")).isEqualTo(new Entry("hello", false));
        assertThat(open("./d/../hello")).isEqualTo(new Entry("hello", false));
        assertThat(open("d")).isEqualTo(new Entry("d", true));
        assertThat(open("d//f")).isEqualTo(new Entry("d/f", false));
        assertThat(open(".")).isEqualTo(new Entry("", true));
        assertThat(open("d/")).isEqualTo(new Entry("d", true));
        assertThat(files.open("d", "f", Mode.EXISTING)).isEqualTo(new Entry("d/f", false));
        assertThat(files.open("d", "..", Mode.EXISTING)).isEqualTo(new Entry("", true));
    }

    @Test
    void refusesWhatIsNotThere() {
        refused(Reason.BAD_PATH, () -> open("nothing"));
        refused(Reason.BAD_PATH, () -> open("nothing/.."));
        refused(Reason.BAD_PATH, () -> open(""));
        refused(Reason.BAD_PATH, () -> open("x".repeat(5000)));
        refused(Reason.NOT_DIRECTORY, () -> open("hello/x"));
        refused(Reason.NOT_DIRECTORY, () -> open("hello/"));
        refused(Reason.BAD_PATH, () -> files.open("gone", "x", Mode.EXISTING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hel\0lo", "\ud800", "d/\ud800", "\ud800/f", "\ufffd", "d/\ufffd"})
    void refusesNamesTheHostCannotHave(String path) throws Exception {
        for (Mode mode : Mode.values()) {
            refused(Reason.BAD_PATH, () -> files.open("", path, mode));
        }
        assertThat(names(files, "")).containsExactly(".", "..", "d", "hello");
        assertThat(names(files, "d")).containsExactly(".", "..", "f");
        refused(Reason.BAD_PATH, () -> files.read(path, 0, 1));
        refused(Reason.BAD_PATH, () -> files.size(path));
        refused(Reason.BAD_PATH, () -> files.name(path, 0));
    }

    @Test
    void inAnAsciiLocaleOtherNamesAreRefused() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                AsciiProbe.class.getName(),
                                inside.toString())
                        .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process probe = builder.start();
        String output = new String(probe.getInputStream().readAllBytes(), UTF_8);
        assertThat(output).isEqualTo("hello BAD_PATH\n");
    }

    /** A process in another locale. */
    static final class AsciiProbe {
        private AsciiProbe() {}

        public static void main(String[] args) throws Exception {
            try (ConfinedDirectory files = ConfinedDirectory.of(Path.of(args[0]))) {
                String found = files.open("", "hello", Mode.CREATE).path();
                try {
                    files.open("", "a\u00e9b", Mode.CREATE);
                } catch (FileRefusedException e) {
                    System.out.println(found + " " + e.getMessage());
                }
            }
        }
    }

    @Test
    void createsFiles() throws Exception {
        assertThat(files.open("d", "new", Mode.CREATE)).isEqualTo(new Entry("d/new", false));
        assertThat(inside.resolve("d/new")).isEmptyFile();
        assertThat(files.open("", "hello", Mode.CREATE)).isEqualTo(new Entry("hello", false));
        assertThat(inside.resolve("hello")).hasContent("hello, world");
        assertThat(files.open("", "newer", Mode.EXCLUSIVE)).isEqualTo(new Entry("newer", false));
        refused(Reason.EXISTS, () -> files.open("", "newer", Mode.EXCLUSIVE));
        refused(Reason.EXISTS, () -> files.open("", "d", Mode.EXCLUSIVE));
        refused(Reason.IS_DIRECTORY, () -> files.open("", "d", Mode.CREATE));
        refused(Reason.BAD_PATH, () -> files.open("", "x/y", Mode.CREATE));
        refused(Reason.BAD_PATH, () -> files.open("", "x/", Mode.CREATE));
    }

    @Test
    void readsWritesAndTruncates() {
        assertThat(files.read("hello", 7, 100)).isEqualTo("world".getBytes(UTF_8));
        assertThat(files.read("hello", 0, 5)).isEqualTo("hello".getBytes(UTF_8));
        assertThat(files.read("hello", 0xffffffffL, 5)).isEmpty();
        files.write("d/f", 5, "IN".getBytes(UTF_8));
        assertThat(inside.resolve("d/f")).hasContent("file IN d");
        files.write("d/f", 12, new byte[] {'!'});
        assertThat(files.size("d/f")).isEqualTo(13);
        files.truncate("d/f", 4);
        assertThat(inside.resolve("d/f")).hasContent("file");
        files.truncate("d/f", 6);
        assertThat(inside.resolve("d/f")).hasBinaryContent("file\0\0".getBytes(UTF_8));
        files.truncate("d/f", 6);
        files.truncate("d/f", 0);
        assertThat(inside.resolve("d/f")).isEmptyFile();
        assertThat(files.size("d")).isEqualTo(4096);
        refused(Reason.IS_DIRECTORY, () -> files.read("d", 0, 1));
        refused(Reason.IS_DIRECTORY, () -> files.write("", 0, new byte[1]));
        refused(Reason.IS_DIRECTORY, () -> files.truncate("d", 0));
    }

    @Test
    void listsInOrder() throws Exception {
        for (String name : new String[] {"z", "a", "M", "\u00e9"}) {
            try {
                Files.createFile(inside.resolve("d").resolve(name));
            } catch (FileSystemException | java.nio.file.InvalidPathException e) {
                // This host has no such characters.
            }
        }
        assertThat(names(files, "d")).startsWith(".", "..", "M", "a", "f", "z");
        assertThat(names(files, "")).containsExactly(".", "..", "d", "hello");
        refused(Reason.NOT_DIRECTORY, () -> files.name("hello", 0));
        refused(Reason.GONE, () -> files.name("x", 0));
    }

    @Test
    void whatVanishesIsGone() throws Exception {
        open("d/f");
        Files.delete(inside.resolve("d/f"));
        refused(Reason.GONE, () -> files.read("d/f", 0, 1));
        refused(Reason.GONE, () -> files.write("d/f", 0, new byte[1]));
        refused(Reason.GONE, () -> files.size("d/f"));
        refused(Reason.GONE, () -> files.truncate("d/f", 0));
        assertThat(inside.resolve("d/f")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../outside/secret",
                "d/../../outside/secret",
                "./.././outside/secret",
                "/",
                "/etc/passwd",
                "//etc/passwd",
                "../inside/hello",
                "d/../.."
            })
    void pathsDoNotLeadOut(String path) {
        for (Mode mode : Mode.values()) {
            refused(Reason.BAD_PATH, () -> files.open("", path, mode));
        }
    }

    @Test
    void anAbsolutePathDoesNotLeadOutEvenToTheInside() {
        refused(Reason.BAD_PATH, () -> open(inside.resolve("hello").toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "link, ../outside/secret",
        "link, ..",
        "link/secret, ../outside",
        "link, d/../../outside/secret",
        "link, /etc/passwd",
        "link/passwd, /etc",
        "link/../../outside/secret, d"
    })
    void linksDoNotLeadOut(String path, String target) throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), Path.of(target));
        refused(Reason.BAD_PATH, () -> open(path));
        refused(Reason.BAD_PATH, () -> files.open("", path, Mode.CREATE));
    }

    @Test
    void aDanglingLinkCreatesNothingOutside() throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), Path.of("../outside/new"));
        refused(Reason.BAD_PATH, () -> files.open("", "link", Mode.CREATE));
        refused(Reason.BAD_PATH, () -> files.open("", "link", Mode.EXCLUSIVE));
    }

    @Test
    void linksWithinAreFollowed() throws Exception {
        Files.createSymbolicLink(inside.resolve("to-d"), Path.of("d"));
        Files.createSymbolicLink(inside.resolve("d/up"), Path.of("../to-d/./f"));
        assertThat(open("to-d")).isEqualTo(new Entry("d", true));
        assertThat(open("to-d/up")).isEqualTo(new Entry("d/f", false));
        assertThat(open("to-d/../hello")).isEqualTo(new Entry("hello", false));
    }

    @Test
    void loopsOfLinksEnd() throws Exception {
        Files.createSymbolicLink(inside.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(inside.resolve("two"), Path.of("one/x"));
        refused(Reason.BAD_PATH, () -> open("one"));
    }

    @Test
    void aFileReplacedByALinkAfterItWasOpenedIsGone() throws Exception {
        open("d/f");
        Files.delete(inside.resolve("d/f"));
        Files.createSymbolicLink(inside.resolve("d/f"), Path.of("../../outside/secret"));
        refused(Reason.GONE, () -> files.read("d/f", 0, 10));
        refused(Reason.GONE, () -> files.write("d/f", 0, new byte[10]));
    }

    @Test
    void aDirectoryReplacedByALinkAfterItWasOpenedIsGone() throws Exception {
        open("d");
        Files.move(inside.resolve("d"), inside.resolve("e"));
        Files.move(secret, secret.resolveSibling("f"));
        Files.createSymbolicLink(inside.resolve("d"), secret.getParent());
        assertThatThrownBy(() -> files.read("d/f", 0, 10)).isInstanceOf(FileRefusedException.class);
        assertThatThrownBy(() -> files.write("d/f", 0, new byte[10]))
                .isInstanceOf(FileRefusedException.class);
        assertThatThrownBy(() -> files.name("d", 0)).isInstanceOf(FileRefusedException.class);
        assertThatThrownBy(() -> files.open("d", "new", Mode.CREATE))
                .isInstanceOf(FileRefusedException.class);
        Files.move(secret.resolveSibling("f"), secret);
    }

    @Test
    void swappingLinksDuringTheWalkDoesNotLeadOut() throws Exception {
        Path swapped = Files.createDirectory(inside.resolve("swap"));
        Files.writeString(swapped.resolve("secret"), "inside");
        Path link = Files.createSymbolicLink(inside.resolve("link"), secret.getParent());
        AtomicBoolean done = new AtomicBoolean();
        Thread attacker = Thread.ofPlatform().start(() -> swap(swapped, link, done));
        try {
            for (int i = 0; i < 3000; i++) {
                String content = "inside";
                try {
                    Entry entry = open("swap/secret");
                    content = new String(files.read(entry.path(), 0, 10), UTF_8);
                    files.write(entry.path(), 0, content.getBytes(UTF_8));
                } catch (FileRefusedException e) {
                    // The attacker was in the way.
                }
                assertThat(content).isEqualTo("inside");
            }
        } finally {
            done.set(true);
            attacker.join();
        }
    }

    private static void swap(Path directory, Path link, AtomicBoolean done) {
        Path aside = directory.resolveSibling("aside");
        try {
            while (!done.get()) {
                Files.move(directory, aside);
                Files.move(link, directory, StandardCopyOption.ATOMIC_MOVE);
                Files.move(directory, link, StandardCopyOption.ATOMIC_MOVE);
                Files.move(aside, directory);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noPathWhateverLeadsOut(long seed) throws Exception {
        Files.createSymbolicLink(inside.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(inside.resolve("abs"), secret.getParent().toRealPath());
        Files.createSymbolicLink(inside.resolve("in"), Path.of("d"));
        Files.createSymbolicLink(inside.resolve("d/up"), Path.of(".."));
        Files.createSymbolicLink(inside.resolve("d/new"), Path.of("../../outside/new"));
        List<String> names =
                List.of("..", ".", "", "d", "in", "out", "abs", "up", "new", "secret", "hello");
        Random random = new Random(seed);
        int opened = 0;
        for (int i = 0; i < 2000; i++) {
            StringBuilder path = new StringBuilder();
            for (int j = random.nextInt(7); j >= 0; j--) {
                path.append(names.get(random.nextInt(names.size()))).append(j == 0 ? "" : "/");
            }
            String from = random.nextBoolean() ? "" : "d";
            try {
                Mode mode = Mode.values()[random.nextInt(3)];
                Entry entry = files.open(from, path.toString(), mode);
                opened++;
                Path found = inside.resolve(entry.path()).toRealPath();
                assertThat(found).startsWith(inside.toRealPath());
                if (!entry.directory()) {
                    files.write(entry.path(), random.nextInt(10), new byte[5]);
                }
            } catch (FileRefusedException e) {
                // As it should be, for most of them.
            }
        }
        assertThat(opened).isGreaterThan(100);
    }

    @Test
    void specialFilesAreNotShown() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", inside.resolve("pipe").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();
        refused(Reason.UNKNOWN, () -> open("pipe"));
    }

    @Test
    void theDirectoryMustExist() {
        assertThatThrownBy(() -> ConfinedDirectory.of(world.resolve("none")))
                .isInstanceOf(UserErrorException.class)
                .hasMessageContaining("none: no such file");
        assertThatThrownBy(() -> ConfinedDirectory.of(secret))
                .isInstanceOf(UserErrorException.class)
                .hasMessageContaining("secret");
    }

    @Test
    void unconfinedItGoesWhereSystem161Goes() throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), secret);
        try (ConfinedDirectory free = ConfinedDirectory.unconfined(inside)) {
            assertThat(free.open("", "hello", Mode.EXISTING).directory()).isFalse();
            assertThat(free.open("", ".", Mode.EXISTING)).isEqualTo(new Entry("", true));
            assertThat(names(free, "")).containsExactly(".", "..", "d", "hello", "link");
            for (String path :
                    List.of("../outside/secret", "link", "d/../link", secret.toString())) {
                Entry entry = free.open("", path, Mode.EXISTING);
                assertThat(free.read(entry.path(), 0, 100)).isEqualTo(SECRET);
                assertThat(entry.path()).isEqualTo(secret.toRealPath().toString());
            }
            Entry up = free.open("", "..", Mode.EXISTING);
            assertThat(free.open(up.path(), "inside/d/f", Mode.EXISTING).directory()).isFalse();
            assertThat(free.open(up.path(), "inside", Mode.EXISTING).path()).isEmpty();
            assertThat(free.open("", "/", Mode.EXISTING)).isEqualTo(new Entry("/", true));
            refused(Reason.BAD_PATH, () -> free.open("/", "..", Mode.EXISTING));
        }
    }
}
