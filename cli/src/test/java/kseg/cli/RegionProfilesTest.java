package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kseg.engine.RegionProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionProfilesTest {
    private static final RegionProfile ONE = profile(0x80001000);

    @TempDir Path cache;

    private static RegionProfile profile(int key) {
        return new RegionProfile(
                List.of(new RegionProfile.Hot(key, 7, List.of(key & -4096), Map.of())));
    }

    private Path directory() {
        return cache.resolve("kseg/profiles");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.toList();
        }
    }

    @Test
    void theNextRunOfTheSameImageKnowsWhatThisOneLearnt() throws IOException {
        RegionProfiles first = RegionProfiles.open(directory(), "abc");
        assertThat(first.before()).isEqualTo(RegionProfile.EMPTY);
        first.keep(ONE);
        assertThat(RegionProfiles.open(directory(), "abc").before()).isEqualTo(ONE);
        assertThat(RegionProfiles.open(directory(), "abd").before()).isEqualTo(RegionProfile.EMPTY);
        assertThat(files()).hasSize(1);
    }

    @Test
    void damagedAndForeignFilesAreNoneAndAreReplaced() throws IOException {
        RegionProfiles.open(directory(), "abc").keep(ONE);
        Path file = files().getFirst();
        for (byte[] bytes : List.of(new byte[0], new byte[100], new byte[1 << 20])) {
            Files.write(file, bytes);
            RegionProfiles found = RegionProfiles.open(directory(), "abc");
            assertThat(found.before()).isEqualTo(RegionProfile.EMPTY);
            found.keep(ONE);
            assertThat(RegionProfiles.open(directory(), "abc").before()).isEqualTo(ONE);
        }
    }

    @Test
    void whatCannotBeWrittenIsNotMissed() throws IOException {
        Files.writeString(cache.resolve("kseg"), "not a directory");
        RegionProfiles profiles = RegionProfiles.open(directory(), "abc");
        profiles.keep(ONE);
        assertThat(RegionProfiles.open(directory(), "abc").before()).isEqualTo(RegionProfile.EMPTY);
    }

    @Test
    void onlySoManyImagesAreRemembered() throws IOException {
        for (int i = 0; i < RegionProfiles.MAX_FILES + 3; i++) {
            RegionProfiles.open(directory(), "image" + i).keep(ONE);
            Path written = directory().resolve("image" + i + ".v" + RegionProfile.VERSION);
            Files.setLastModifiedTime(written, FileTime.fromMillis(1_000_000L + 1_000 * i));
        }
        assertThat(files()).hasSize(RegionProfiles.MAX_FILES);
        assertThat(RegionProfiles.open(directory(), "image2").before())
                .isEqualTo(RegionProfile.EMPTY);
        assertThat(RegionProfiles.open(directory(), "image3").before()).isEqualTo(ONE);
    }

    @Test
    void theUsersCacheDirectoryIsWhereTheXdgSpecificationSays() {
        assertThat(RegionProfiles.directory(Map.of("XDG_CACHE_HOME", "/c", "HOME", "/h")))
                .contains(Path.of("/c/kseg/profiles"));
        assertThat(RegionProfiles.directory(Map.of("XDG_CACHE_HOME", "c", "HOME", "/h")))
                .contains(Path.of("/h/.cache/kseg/profiles"));
        assertThat(RegionProfiles.directory(Map.of())).isEmpty();
    }
}
