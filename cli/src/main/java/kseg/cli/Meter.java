package kseg.cli;

import java.io.IOException;
import java.nio.file.Path;
import kseg.config.UserErrorException;
import kseg.cpu.CpuCounters;
import kseg.host.HostErrors;
import kseg.host.MeterSample;
import kseg.host.MeterServer;
import kseg.machine.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The meter of a run: samples what the machine has done, between calls of {@link Machine#run}, when
 * somebody listens and wants to know. The guest cannot tell: stopping to look changes nothing.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class Meter implements AutoCloseable {
    private static final String SOCKET = "meter";
    private static final long NANOS_PER_CYCLE = 40;

    private final @Nullable MeterServer server;

    private Meter(@Nullable MeterServer server) {
        this.server = server;
    }

    /** Nobody can listen. */
    static Meter none() {
        return new Meter(null);
    }

    /** Serves on a socket of the user's choice. */
    static Meter at(Path socket) throws UserErrorException {
        try {
            return new Meter(MeterServer.open(socket));
        } catch (IOException e) {
            throw HostErrors.of(socket, e, "the meter's socket needs a place of its own");
        }
    }

    /** Serves on {@code .sockets/meter}; does without if that cannot be, as System/161 does. */
    static Meter atUsualPlace(Sockets sockets) {
        return new Meter(
                sockets.serve(SOCKET, "the meter", "metering disabled", MeterServer::open)
                        .orElse(null));
    }

    /** When to sample next, in cycles of machine time. */
    long nextCycle() {
        if (server == null) {
            return Long.MAX_VALUE;
        }
        long due = server.dueNanos();
        return due == Long.MAX_VALUE ? due : Math.ceilDiv(due, NANOS_PER_CYCLE);
    }

    /** Samples the machine, if that is due. */
    void look(Machine machine) {
        if (server != null && machine.nanos() >= server.dueNanos()) {
            server.publish(sample(machine));
        }
    }

    /** What the machine has done by now. */
    static MeterSample sample(Machine machine) {
        Totals totals = Totals.of(machine);
        return new MeterSample(
                machine.nanos(),
                totals.sum(CpuCounters::kernelRetired),
                totals.sum(CpuCounters::userRetired),
                totals.sum(c -> c.userCycles() - c.userRetired()),
                totals.idle(),
                totals.sum(CpuCounters::interrupts),
                totals.sum(CpuCounters::exceptions),
                totals.reads("disk") + totals.writes("disk"),
                totals.reads("console") + totals.writes("console"),
                totals.reads("emufs") + totals.writes("emufs") + totals.others("emufs"),
                totals.reads("net") + totals.writes("net"));
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
