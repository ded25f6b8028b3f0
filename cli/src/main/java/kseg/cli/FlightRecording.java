package kseg.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.StackTrace;
import kseg.config.UserErrorException;
import kseg.engine.RegionListener;
import kseg.engine.TierReport;
import kseg.host.HostErrors;

/**
 * What the compiler does, as events of JDK Flight Recorder in a file: regions when they come and
 * go, and once a second what has been executed by what, and why regions stopped.
 */
final class FlightRecording implements RegionListener, AutoCloseable {
    private final Recording recording = new Recording();
    private Runnable tiers = () -> {};

    /** A region is ready. */
    @Name("kseg.RegionInstalled")
    @Label("Region Installed")
    @Category("Kseg")
    @StackTrace(false)
    static final class RegionInstalled extends Event {
        @Label("Guest Address")
        String address = "";

        @Label("User Mode")
        boolean user;

        @Label("Guest Instructions")
        int instructions;

        @Label("Bytes of Bytecode")
        int bytecodes;
    }

    /** A region went. */
    @Name("kseg.RegionRemoved")
    @Label("Region Removed")
    @Category("Kseg")
    @StackTrace(false)
    static final class RegionRemoved extends Event {
        @Label("Guest Address")
        String address = "";

        @Label("User Mode")
        boolean user;

        @Label("Cause")
        String cause = "";
    }

    /** Everything since the machine was created; the fields are TierReport's. */
    @Name("kseg.Tiers")
    @Label("Tiers")
    @Description("Steps by what executed them, and how regions came back, since power-on")
    @Category("Kseg")
    @Period("1 s")
    @StackTrace(false)
    static final class Tiers extends Event {
        @Label("Compiled Steps")
        long compiledSteps;

        @Label("Interpreted Steps")
        long interpretedSteps;

        @Label("Precise Steps")
        long preciseSteps;

        @Label("Skipped Steps")
        long skippedSteps;

        @Label("Regions")
        long regions;

        @Label("Entries into Regions")
        long entered;

        @Label("Left for Code Outside")
        long left;

        @Label("Stopped by Kind of Instruction")
        long stoppedByKind;

        @Label("Stopped by Access")
        long stoppedByAccess;

        @Label("Stopped by Budget")
        long stoppedByBudget;

        @Label("Stopped Otherwise")
        long stoppedByOther;

        static void emit(TierReport report) {
            Tiers event = new Tiers();
            event.compiledSteps = report.steps().compiled();
            event.interpretedSteps = report.steps().interpreted();
            event.preciseSteps = report.steps().precise();
            event.skippedSteps = report.steps().skipped();
            event.regions = report.regions().present();
            event.entered = report.entries().entered();
            event.left = report.entries().left();
            event.stoppedByKind = report.entries().kind();
            event.stoppedByAccess = report.entries().access();
            event.stoppedByBudget = report.entries().budget();
            event.stoppedByOther = report.entries().other();
            event.commit();
        }
    }

    private FlightRecording() {}

    /** Starts recording; the file is there at once, and complete when this is closed. */
    static FlightRecording start(Path file) throws UserErrorException {
        var flight = new FlightRecording();
        try {
            flight.recording.setDestination(file);
        } catch (IOException e) {
            flight.recording.close();
            throw HostErrors.of(file, e, "");
        }
        flight.recording.setName("kseg");
        flight.recording.start();
        return flight;
    }

    /**
     * From now on reports what has been executed, if that is a compiler's business.
     *
     * @param report asked by a thread of the recorder
     */
    void watch(Supplier<Optional<TierReport>> report) {
        tiers = () -> report.get().ifPresent(Tiers::emit);
        FlightRecorder.addPeriodicEvent(Tiers.class, tiers);
    }

    @Override
    public void installed(int pc, boolean user, int instructions, int bytecodes) {
        var event = new RegionInstalled();
        event.address = "0x%08x".formatted(pc);
        event.user = user;
        event.instructions = instructions;
        event.bytecodes = bytecodes;
        event.commit();
    }

    @Override
    public void removed(int pc, boolean user, Removal why) {
        var event = new RegionRemoved();
        event.address = "0x%08x".formatted(pc);
        event.user = user;
        event.cause = why.name();
        event.commit();
    }

    @Override
    public void close() {
        finish();
    }

    /** The run is over: that the machine is closed then is not worth telling. */
    void finish() {
        if (recording.getState() != RecordingState.RUNNING) {
            return;
        }
        FlightRecorder.removePeriodicEvent(tiers);
        tiers.run();
        recording.stop();
        recording.close();
    }
}
