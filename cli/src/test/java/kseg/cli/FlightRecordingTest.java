package kseg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kseg.config.UserErrorException;
import kseg.engine.RegionListener;
import kseg.engine.TierReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecordingTest {
    @TempDir Path directory;

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    @Test
    void theFileTellsOfRegionsAndOfWhatExecutedTheGuest() throws Exception {
        Path file = directory.resolve("run.jfr");
        var report =
                new TierReport(
                        new TierReport.Steps(30, 20, 10, 40),
                        new TierReport.Entries(9, 1, 0, 2, 1, 3, 2),
                        new TierReport.Regions(1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1234));
        try (FlightRecording flight = FlightRecording.start(file)) {
            flight.watch(() -> Optional.of(report));
            flight.installed(0x80001230, true, 17, 1234);
            flight.removed(0x80001230, true, RegionListener.Removal.OVERWRITTEN);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent installed = only(events, "kseg.RegionInstalled");
        assertThat(installed.getString("address")).isEqualTo("0x80001230");
        assertThat(installed.getBoolean("user")).isTrue();
        assertThat(installed.getInt("instructions")).isEqualTo(17);
        assertThat(only(events, "kseg.RegionRemoved").getString("cause")).isEqualTo("OVERWRITTEN");
        RecordedEvent tiers = only(events, "kseg.Tiers");
        assertThat(tiers.getLong("compiledSteps")).isEqualTo(30);
        assertThat(tiers.getLong("skippedSteps")).isEqualTo(40);
        assertThat(tiers.getLong("stoppedByBudget")).isEqualTo(3);
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidBeforeTheRun() {
        Path file = directory.resolve("nowhere/run.jfr");
        assertThatThrownBy(() -> FlightRecording.start(file))
                .isInstanceOf(UserErrorException.class);
    }
}
