package kseg.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.OptionalLong;
import kseg.config.UserErrorException;
import kseg.port.BlockStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disk images on the host: the format, the log that protects them, and what is refused. */
class DiskImageTest {
    private static final OptionalLong NEVER = OptionalLong.empty();

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("DISK1.img");
    }

    private static byte[] sector(int value) {
        byte[] data = new byte[BlockStore.SECTOR_BYTES];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private static byte[] read(DiskImage disk, int sector) {
        byte[] data = new byte[BlockStore.SECTOR_BYTES];
        disk.read(sector, data);
        return data;
    }

    private byte[] onHost(int sector) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int start = DiskFile.HEADER_BYTES + sector * BlockStore.SECTOR_BYTES;
        return Arrays.copyOfRange(all, start, start + BlockStore.SECTOR_BYTES);
    }

    @Test
    void format() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        byte[] all = Files.readAllBytes(file);
        assertThat(all).hasSize(512 + (64 << 10));
        byte[] name = "System/161 Disk Image".getBytes(StandardCharsets.US_ASCII);
        assertThat(Arrays.copyOf(all, name.length)).isEqualTo(name);
        assertThat(Arrays.copyOfRange(all, name.length, all.length)).containsOnly(0);
        assertThat(DiskFile.info(file)).isEqualTo(new DiskFile.Contents(64 << 10, 0));
    }

    @Test
    void largeImagesAreHoles() throws Exception {
        DiskFile.create(file, DiskFile.MOST_BYTES, false);
        assertThat(DiskFile.info(file).bytes()).isEqualTo(DiskFile.MOST_BYTES);
    }

    @Test
    void createKeepsWhatIsThereUnlessTold() throws Exception {
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> DiskFile.create(file, 64 << 10, false))
                .hasMessage(file + ": exists already\n    use -f to overwrite it");
        assertThat(Files.readString(file)).isEqualTo("precious");
        DiskFile.create(file, 64 << 10, true);
        assertThat(DiskFile.info(file).bytes()).isEqualTo(64 << 10);
    }

    @Test
    void sizes() {
        for (long bytes : new long[] {0, 65535, 65536 - 512, 65536 + 1, 1L << 32}) {
            assertThatThrownBy(() -> DiskFile.create(file, bytes, false))
                    .hasMessageStartingWith(file + ": a disk cannot have " + bytes + " bytes\n");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void resizeKeepsTheSectors() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        try (DiskImage disk = DiskImage.open(file, NEVER, false)) {
            disk.written(127, sector(7));
        }
        DiskFile.resize(file, 128 << 10);
        assertThat(DiskFile.info(file).bytes()).isEqualTo(128 << 10);
        assertThat(onHost(127)).containsOnly(7);
        assertThat(onHost(128)).containsOnly(0);
        DiskFile.resize(file, 64 << 10);
        assertThat(onHost(127)).containsOnly(7);
    }

    @Test
    void theImageIsUntouchedUntilTheEnd() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        try (DiskImage disk = DiskImage.open(file, NEVER, true)) {
            assertThat(disk.sectors()).isEqualTo(128);
            disk.written(5, sector(1));
            disk.written(5, sector(2));
            disk.written(9, sector(3));
            assertThat(onHost(5)).containsOnly(0);
            assertThat(read(disk, 5)).containsOnly(0);
        }
        assertThat(onHost(5)).containsOnly(2);
        assertThat(onHost(9)).containsOnly(3);
        assertThat(SectorLog.path(file)).doesNotExist();
        try (DiskImage disk = DiskImage.open(file, NEVER, false)) {
            assertThat(read(disk, 9)).containsOnly(3);
        }
    }

    @Test
    void anInterruptedRunIsMergedAtTheNextOpen() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        try (SectorLog log = new SectorLog(file, false)) {
            log.append(1, sector(1));
            log.append(2, sector(2));
            log.append(1000, sector(9));
        }
        // The host died in the middle of one more record.
        Files.write(SectorLog.path(file), new byte[300], StandardOpenOption.APPEND);
        assertThat(DiskFile.info(file)).isEqualTo(new DiskFile.Contents(64 << 10, 3));
        try (DiskImage disk = DiskImage.open(file, NEVER, false)) {
            assertThat(read(disk, 1)).containsOnly(1);
            assertThat(read(disk, 2)).containsOnly(2);
            assertThat(disk.sectors()).isEqualTo(128);
        }
        assertThat(DiskFile.info(file).interruptedWrites()).isZero();
    }

    @Test
    void aTornRecordEndsTheLog() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        try (SectorLog log = new SectorLog(file, false)) {
            log.append(1, sector(1));
            log.append(2, sector(2));
        }
        byte[] log = Files.readAllBytes(SectorLog.path(file));
        log[600] ^= 1;
        Files.write(SectorLog.path(file), log);
        assertThat(DiskFile.info(file).interruptedWrites()).isEqualTo(1);
    }

    @Test
    void whereverTheHostDiesEveryWholeRecordIsMerged() throws Exception {
        try (SectorLog log = new SectorLog(file, false)) {
            log.append(1, sector(1));
            log.append(2, sector(2));
            log.append(1, sector(3));
        }
        byte[] whole = Files.readAllBytes(SectorLog.path(file));
        int record = whole.length / 3;
        DiskFile.create(file, 64 << 10, false);
        byte[] image = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, image);
            Files.write(SectorLog.path(file), Arrays.copyOf(whole, length));
            int records = length / record;
            assertThat(DiskFile.info(file).interruptedWrites()).isEqualTo(records);
            if (length % record > 1 && length % 97 != 0) {
                continue; // Merging forces the host's disk, which takes its time.
            }
            try (DiskImage disk = DiskImage.open(file, NEVER, false)) {
                int first = records == 0 ? 0 : records < 3 ? 1 : 3;
                assertThat(read(disk, 1)).as("at %d bytes", length).containsOnly(first);
                assertThat(read(disk, 2)).containsOnly(records < 2 ? 0 : 2);
            }
            assertThat(SectorLog.path(file)).doesNotExist();
        }
    }

    @Test
    void dyingWhileMergingDoesNoHarm() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        try (SectorLog log = new SectorLog(file, false)) {
            log.append(1, sector(1));
            log.append(2, sector(2));
        }
        byte[] log = Files.readAllBytes(SectorLog.path(file));
        DiskImage.open(file, NEVER, false).close();
        byte[] merged = Files.readAllBytes(file);
        // The merge was done, but the log not yet removed.
        Files.write(SectorLog.path(file), log);
        DiskImage.open(file, NEVER, false).close();
        assertThat(file).hasBinaryContent(merged);
    }

    @Test
    void locked() throws Exception {
        DiskFile.create(file, 64 << 10, false);
        String locked = file + ": locked by another process\n";
        try (DiskImage disk = DiskImage.open(file, NEVER, false)) {
            assertThat(disk.sectors()).isEqualTo(128);
            assertThatThrownBy(() -> DiskImage.open(file, NEVER, false))
                    .hasMessageStartingWith(locked);
            assertThatThrownBy(() -> DiskFile.resize(file, 128 << 10))
                    .hasMessageStartingWith(locked);
            assertThatThrownBy(() -> DiskFile.create(file, 128 << 10, true))
                    .hasMessageStartingWith(locked);
        }
        assertThat(DiskFile.info(file).bytes()).isEqualTo(64 << 10);
    }

    @Test
    void theLockIsSystem161s() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "no flock command: skipped");
        DiskFile.create(file, 64 << 10, false);
        ProcessBuilder other =
                new ProcessBuilder("/usr/bin/flock", "-n", file.toString(), "/bin/true");
        try (DiskImage _ = DiskImage.open(file, NEVER, false)) {
            assertThat(other.start().waitFor()).as("flock(2) of another process").isEqualTo(1);
        }
        assertThat(other.start().waitFor()).isZero();
        Process holder =
                new ProcessBuilder("/usr/bin/flock", file.toString(), "/bin/cat")
                        .redirectOutput(ProcessBuilder.Redirect.PIPE)
                        .start();
        holder.getOutputStream().write('x');
        holder.getOutputStream().flush();
        assertThat(holder.getInputStream().read()).as("cat runs under the lock").isEqualTo('x');
        assertThatThrownBy(() -> DiskImage.open(file, NEVER, false))
                .hasMessageStartingWith(file + ": locked by another process\n");
        holder.getOutputStream().close();
        assertThat(holder.waitFor()).isZero();
    }

    @Test
    void missing() throws Exception {
        assertThatThrownBy(() -> DiskImage.open(file, NEVER, false))
                .hasMessage(file + ": no such file\n    make it: kseg disk create " + file + " 5M");
        try (DiskImage disk = DiskImage.open(file, OptionalLong.of(200), false)) {
            assertThat(disk.sectors()).isEqualTo(200);
        }
        assertThatThrownBy(() -> DiskImage.open(directory, NEVER, false))
                .isInstanceOf(UserErrorException.class)
                .hasMessage(directory + ": is a directory, not a disk image");
    }

    @Test
    void damaged() throws Exception {
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> DiskImage.open(file, NEVER, false))
                .hasMessageStartingWith(file + ": too short for a disk image: 0 bytes\n");
        Files.write(file, new byte[1 << 20]);
        assertThatThrownBy(() -> DiskImage.open(file, NEVER, false))
                .hasMessageStartingWith(file + ": not a System/161 disk image");
        DiskFile.create(file, 64 << 10, true);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> DiskImage.open(file, NEVER, false))
                .hasMessageStartingWith(file + ": too short: 127 sectors, not even 128\n");
        DiskFile.resize(file, 64 << 10);
        try (DiskImage disk = DiskImage.open(file, NEVER, false)) {
            assertThat(disk.sectors()).isEqualTo(128);
        }
    }
}
