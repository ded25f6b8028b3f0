package kseg.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import kseg.port.FileRefusedException;
import kseg.port.HostFiles.Entry;
import kseg.port.HostFiles.Mode;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import org.junit.jupiter.api.Test;

class OverlayFilesTest {
    private final MemoryFiles host = host();
    private final OverlayFiles overlay = new OverlayFiles(host);

    private static MemoryFiles host() {
        MemoryFiles host = new MemoryFiles();
        host.directories.add("d");
        host.files.put("hello", "hello, world".getBytes(UTF_8));
        host.files.put("d/f", new byte[5000]);
        return host;
    }

    private static List<String> names(OverlayFiles files, String directory) {
        List<String> names = new ArrayList<>();
        for (int i = 0; files.name(directory, i) != null; i++) {
            names.add(files.name(directory, i));
        }
        return names;
    }

    @Test
    void readsFallThrough() {
        assertThat(overlay.open("", "hello", Mode.EXISTING)).isEqualTo(new Entry("hello", false));
        assertThat(overlay.read("hello", 7, 100)).isEqualTo("world".getBytes(UTF_8));
        assertThat(overlay.size("d/f")).isEqualTo(5000);
        host.files.put("hello", "changed".getBytes(UTF_8));
        assertThat(overlay.size("hello")).isEqualTo(7);
    }

    @Test
    void writesStayPrivate() {
        overlay.write("hello", 5, " overlay".getBytes(UTF_8));
        overlay.truncate("d/f", 10);
        assertThat(overlay.read("hello", 0, 100)).isEqualTo("hello overlay".getBytes(UTF_8));
        assertThat(overlay.size("d/f")).isEqualTo(10);
        assertThat(host.files.get("hello")).isEqualTo("hello, world".getBytes(UTF_8));
        assertThat(host.files.get("d/f")).hasSize(5000);
    }

    @Test
    void newFilesAreFoundAndListedButNotOnTheHost() {
        assertThat(overlay.open("d", "../a", Mode.CREATE)).isEqualTo(new Entry("a", false));
        assertThat(overlay.open("", "d/z", Mode.EXCLUSIVE)).isEqualTo(new Entry("d/z", false));
        assertThat(overlay.open("d", "z", Mode.EXISTING)).isEqualTo(new Entry("d/z", false));
        refused(FileRefusedException.Reason.EXISTS, "d/z", Mode.EXCLUSIVE);
        refused(FileRefusedException.Reason.EXISTS, "hello", Mode.EXCLUSIVE);
        refused(FileRefusedException.Reason.IS_DIRECTORY, "d", Mode.CREATE);
        refused(FileRefusedException.Reason.BAD_PATH, "x/y", Mode.CREATE);
        refused(FileRefusedException.Reason.NOT_DIRECTORY, "hello/y", Mode.CREATE);
        refused(FileRefusedException.Reason.BAD_PATH, "nothing", Mode.EXISTING);
        refused(FileRefusedException.Reason.BAD_PATH, "", Mode.CREATE);
        refused(FileRefusedException.Reason.BAD_PATH, "../x", Mode.CREATE);
        assertThat(names(overlay, "")).containsExactly(".", "..", "a", "d", "hello");
        assertThat(names(overlay, "d")).containsExactly(".", "..", "f", "z");
        assertThat(host.files).containsOnlyKeys("hello", "d/f");
    }

    private void refused(FileRefusedException.Reason reason, String path, Mode mode) {
        assertThatThrownBy(() -> overlay.open("", path, mode))
                .isInstanceOf(FileRefusedException.class)
                .hasMessage(reason.name());
    }

    @Test
    void directoriesCannotBeWritten() {
        assertThatThrownBy(() -> overlay.write("d", 0, new byte[1])).hasMessage("IS_DIRECTORY");
        assertThatThrownBy(() -> overlay.truncate("", 0)).hasMessage("IS_DIRECTORY");
    }

    @Test
    void itBehavesAsTheHostWould() {
        Random random = new Random(5);
        MemoryFiles model = host();
        OverlayFiles current = overlay;
        List<String> paths = List.of("hello", "d/f", "d/new");
        for (int i = 0; i < 3000; i++) {
            String path = paths.get(random.nextInt(3));
            int offset = random.nextInt(6000);
            int length = random.nextInt(1500);
            switch (random.nextInt(5)) {
                case 0 -> {
                    byte[] data = new byte[length];
                    random.nextBytes(data);
                    model.open("", path, Mode.CREATE);
                    current.open("", path, Mode.CREATE);
                    model.write(path, offset, data);
                    current.write(path, offset, data);
                }
                case 1 -> {
                    if (random.nextInt(4) == 0 && model.files.containsKey(path)) {
                        model.truncate(path, offset);
                        current.truncate(path, offset);
                    }
                }
                case 2 -> current = saved(current);
                default -> {
                    if (model.files.containsKey(path)) {
                        assertThat(current.read(path, offset, length))
                                .isEqualTo(model.read(path, offset, length));
                        assertThat(current.size(path)).isEqualTo(model.size(path));
                    }
                }
            }
        }
        Map<String, byte[]> untouched = new TreeMap<>(host().files);
        assertThat(host.files.keySet()).isEqualTo(untouched.keySet());
        untouched.forEach((path, data) -> assertThat(host.files.get(path)).isEqualTo(data));
    }

    private OverlayFiles saved(OverlayFiles files) {
        StateWriter out = new StateWriter();
        files.save(out);
        OverlayFiles other = new OverlayFiles(host);
        other.restore(new StateReader(out.toBytes(), out.attachments()));
        return other;
    }
}
