package kseg.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines in one directory do not take each other's sockets. */
class SocketDirectoryTest {
    private static final long PID = 4711;

    @TempDir Path directory;

    private Path sockets() {
        return directory.resolve(".sockets");
    }

    @Test
    void theFirstGetsTheUsualNameAndTheOthersNamesOfTheirOwn() throws Exception {
        try (SocketDirectory first = SocketDirectory.open(sockets(), PID)) {
            Path usual = first.place("meter");
            assertThat(usual).isEqualTo(sockets().resolve("meter"));
            try (MeterServer _ = MeterServer.open(usual);
                    SocketDirectory second = SocketDirectory.open(sockets(), PID)) {
                Path own = second.place("meter");
                assertThat(own.getFileName().toString()).isEqualTo("meter-4711");
                try (MeterServer _ = MeterServer.open(own);
                        SocketDirectory third = SocketDirectory.open(sockets(), PID)) {
                    assertThat(third.place("meter")).isNotEqualTo(own).isNotEqualTo(usual);
                }
            }
        }
        try (SocketDirectory later = SocketDirectory.open(sockets(), PID)) {
            assertThat(later.place("meter")).isEqualTo(sockets().resolve("meter"));
        }
    }

    @Test
    void aSocketThatAnswersIsLeftToItsServer() throws Exception {
        Files.createDirectory(sockets());
        try (MeterServer _ = MeterServer.open(sockets().resolve("meter"));
                SocketDirectory mine = SocketDirectory.open(sockets(), PID)) {
            assertThat(mine.place("meter").getFileName().toString()).startsWith("meter-");
        }
    }

    /** System/161 takes the place of whoever is there. */
    @Test
    void whoTookTheOthersPlaceKeepsIt() throws Exception {
        Files.createDirectory(sockets());
        Path usual = sockets().resolve("meter");
        MeterServer meter = MeterServer.open(usual);
        Path gdb = sockets().resolve("gdb");
        DebugSocket debugger = DebugSocket.at(gdb);
        Files.delete(usual);
        Files.delete(gdb);
        try (MeterServer _ = MeterServer.open(usual);
                DebugSocket _ = DebugSocket.at(gdb)) {
            meter.close();
            debugger.close();
            assertThat(usual).exists();
            assertThat(gdb).exists();
        }
        assertThat(usual).doesNotExist();
        assertThat(gdb).doesNotExist();
    }

    @Test
    void whatADeadMachineLeftIsRemoved() throws Exception {
        try (SocketDirectory mine = SocketDirectory.open(sockets(), PID)) {
            Files.writeString(sockets().resolve("meter"), "");
            assertThat(mine.place("meter")).isEqualTo(sockets().resolve("meter")).doesNotExist();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets())))
                .isEqualTo("rwx------");
    }
}
