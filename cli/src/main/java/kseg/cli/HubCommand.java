package kseg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.Callable;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.FrameSocket;
import kseg.host.HostErrors;
import kseg.host.Hub;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kseg hub}, and hub161. */
@Command(
        name = "hub",
        header = "Join machines' network cards.",
        description = {
            "",
            "Sends every frame of a machine to all machines whose configuration names the same hub:"
                    + " nic hwaddr=N hub=SOCKET. Works with System/161's machines and hub161, too."
                    + " Ends with ^C.",
            ""
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  kseg hub                  for machines in this directory, or with hub=this/.sockets/hub",
            "  kseg hub udp:9161         for machines with hub=udp:9161, on any system"
        })
final class HubCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Host host;

    @Parameters(
            arity = "0..1",
            paramLabel = "SOCKET",
            description =
                    "Path of a unix datagram socket, or udp:PORT on this host; default:"
                            + " .sockets/hub.")
    private String socket = Sockets.DIRECTORY + "/hub";

    HubCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws UserErrorException {
        String address = address();
        try (Interrupt interrupt = Interrupt.listen();
                Hub hub = new Hub(FrameSocket.open(address), this::say, this::complain)) {
            say("Listening on " + socket);
            while (!interrupt.requested() && !Thread.currentThread().isInterrupted()) {
                hub.serve(PATIENCE);
            }
        } catch (IOException e) {
            String what = String.valueOf(e.getMessage());
            throw new UserErrorException(new UserError.Host(socket, what, ""));
        }
        return ExitCode.POWER_OFF.code();
    }

    /** Makes room for the socket: what a dead hub has left is removed, a file of the user's not. */
    private String address() throws UserErrorException {
        if (socket.startsWith(FrameSocket.UDP)) {
            return socket;
        }
        Path path = host.path(socket);
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                BasicFileAttributes found =
                        Files.readAttributes(
                                path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!found.isOther()) {
                    throw new UserErrorException(
                            new UserError.Host(socket, "File exists", "a hub needs a new name"));
                }
                Files.delete(path);
            }
        } catch (IOException e) {
            throw HostErrors.of(path, e, "");
        }
        return path.toString();
    }

    private void say(String text) {
        host.out().print("hub161: " + text + "\n");
        host.out().flush();
    }

    private void complain(String text) {
        host.messages().print("hub161: " + text + "\n");
    }
}
