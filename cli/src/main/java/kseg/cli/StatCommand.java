package kseg.cli;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kseg stat}, and stat161. */
@Command(
        name = "stat",
        header = "Watch what a running machine does.",
        description = {
            "",
            "Connects to the meter of the machine that runs in the current directory, under sys161 or"
                    + " with kseg run --meter, and prints a line for each interval of its time; waits"
                    + " for a machine, and for the next one when it ends. Ends with ^C.",
            ""
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Columns: nanoseconds, kernel and user instructions, user cycles without one, idle"
                    + " cycles,",
            "interrupts, exceptions, disk sectors, console characters, emufs operations, frames.",
            "",
            "Examples:",
            "  kseg stat",
            "  kseg stat -i 0.05 .sockets/meter-4711"
        })
final class StatCommand implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MOST_SECONDS = 2;
    private static final long LEAST_NANOS = 10_000;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Host host;

    @Option(
            names = "-i",
            paramLabel = "SECONDS",
            description = "The interval in machine time, 0.00001 to 2; default: 0.2.")
    private String interval = "0.2";

    @Parameters(
            arity = "0..1",
            paramLabel = "SOCKET",
            description = "The machine's meter; default: .sockets/meter.")
    private String socket = Sockets.DIRECTORY + "/meter";

    StatCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws UserErrorException {
        long nanos = nanos();
        Path path = host.path(socket);
        say("stat161: Connecting...");
        try {
            while (!Thread.currentThread().isInterrupted()) {
                watch(path, nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.POWER_OFF.code();
    }

    private long nanos() throws UserErrorException {
        double seconds;
        try {
            seconds = Double.parseDouble(interval);
        } catch (NumberFormatException e) {
            seconds = 0;
        }
        if (seconds > MOST_SECONDS) {
            throw wrong("Sampling interval too large (max is 2)");
        }
        long nanos = (long) (seconds * NANOS_PER_SECOND);
        if (nanos < LEAST_NANOS) {
            throw wrong("Sampling interval too small (min is 0.00001)");
        }
        return nanos;
    }

    private static UserErrorException wrong(String what) {
        return new UserErrorException(new UserError.Usage(what, ""));
    }

    /** Connects and prints until the machine ends; if there is none, waits a little. */
    private void watch(Path path, long nanos) throws UserErrorException, InterruptedException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            say("stat161: Connected.");
            ByteBuffer command = StandardCharsets.US_ASCII.encode("INTERVAL " + nanos + "\r\n");
            while (command.hasRemaining()) {
                channel.write(command);
            }
            copy(channel);
        } catch (IOException e) {
            Thread.sleep(RETRY);
            return;
        }
        say("stat161: Disconnected.");
    }

    private void copy(SocketChannel channel) throws IOException, UserErrorException {
        MeterTable table = new MeterTable(host.out());
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        StringBuilder line = new StringBuilder();
        while (channel.read(bytes.clear()) >= 0) {
            bytes.flip();
            while (bytes.hasRemaining()) {
                char character = (char) (bytes.get() & 0xff);
                if (character != '\n') {
                    line.append(character);
                    continue;
                }
                table.take(line.toString());
                line.setLength(0);
            }
            host.out().flush();
        }
    }

    private void say(String text) {
        host.out().print(text + "\n");
        host.out().flush();
    }
}
