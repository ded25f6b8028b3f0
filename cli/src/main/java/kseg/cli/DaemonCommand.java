package kseg.cli;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import kseg.cli.DaemonHello.Wish;
import kseg.cli.DaemonWire.Kind;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.HostErrors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kseg daemon start|stop|status}. */
@Command(
        name = "daemon",
        header = "Keep a process that runs machines without starting and warming up first.",
        description = {
            "",
            "While it runs, run, demo, sys161 and trace161 hand their commands to it. Nothing else"
                    + " changes: output, files, exit codes, ^C and ^Z are those of a run without it,"
                    + " and a machine's run is the same to the cycle. It serves one user, and the"
                    + " build of Kseg that started it."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  kseg daemon start         now sys161 takes a fraction of the time",
            "  kseg daemon status",
            "  kseg daemon stop",
            "",
            "KSEG_DAEMON=no in the environment: commands do without it. KSEG_DAEMON=auto: the first",
            "command starts it."
        })
final class DaemonCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private DaemonCommand() {}

    static CommandLine commandLine(Host host) {
        return new CommandLine(new DaemonCommand())
                .addSubcommand(new Start(host))
                .addSubcommand(new Stop(host))
                .addSubcommand(new Status(host));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static DaemonPlace place() throws UserErrorException {
        return DaemonPlace.own()
                .orElseThrow(() -> {
                    String what = "kseg daemon: there is no place for one";
                    String hint = "start Kseg by its launcher, with HOME or XDG_RUNTIME_DIR set";
                    return new UserErrorException(new UserError.Usage(what, hint));
                });
    }

    /** Says hello; empty if no daemon listens. */
    private static Optional<DaemonWire> greet(DaemonPlace place, Wish wish) {
        try {
            DaemonWire wire = place.connect();
            wire.send(Kind.HELLO, DaemonHello.of(wish, place).texts());
            return Optional.of(wire);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** How the daemon is doing; empty if there is none. */
    private static List<String> status(DaemonPlace place) throws UserErrorException {
        try (DaemonWire wire = greet(place, Wish.STATUS).orElse(null)) {
            return wire == null ? List.of() : wire.answer().texts();
        } catch (SocketTimeoutException e) {
            throw hangs(place);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static UserErrorException hangs(DaemonPlace place) {
        String what = "the daemon does not answer";
        String hint = "end its process: pkill -KILL -f kseg.cli.DaemonServer";
        return new UserErrorException(new UserError.Host(place.socket().toString(), what, hint));
    }

    /** {@code kseg daemon start}. */
    @Command(
            name = "start",
            header = "Start the daemon, unless it runs already.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  kseg daemon start --idle 480      for a working day"})
    static final class Start implements Callable<Integer> {
        private static final int MOST_MINUTES = 60 * 24 * 365;
        private static final long PATIENCE_NANOS = 30_000_000_000L;
        private static final long BLINK_MILLIS = 20;

        private final Host host;

        @Option(
                names = "--idle",
                paramLabel = "MINUTES",
                description = "End after so long without a command; 0: never. Default: 60.")
        private int idle = 60;

        Start(Host host) {
            this.host = host;
        }

        @Override
        public Integer call() throws UserErrorException {
            if (idle < 0 || idle > MOST_MINUTES) {
                String what = "--idle " + idle + ": not between 0 and " + MOST_MINUTES;
                throw new UserErrorException(new UserError.Usage(what, "it is in minutes"));
            }
            DaemonPlace place = place();
            List<String> status = status(place);
            if (status.isEmpty()) {
                status = start(place);
                host.out().println("the daemon runs: " + status.getFirst());
            } else {
                host.out().println("the daemon runs already: " + status.getFirst());
            }
            return ExitCode.POWER_OFF.code();
        }

        private List<String> start(DaemonPlace place) throws UserErrorException {
            List<String> command = new ArrayList<>(ThisJvm.command(DaemonServer.class));
            if (command.isEmpty()) {
                String what = "kseg daemon: this system does not tell how Kseg was started";
                throw new UserErrorException(new UserError.Usage(what, ""));
            }
            command.add(Integer.toString(idle));
            place.make();
            try {
                // Not the caller's streams: whoever reads them would wait for the daemon.
                Process process =
                        new ProcessBuilder(command)
                                .directory(place.directory().toFile())
                                .redirectInput(ProcessBuilder.Redirect.PIPE)
                                .redirectErrorStream(true)
                                .redirectOutput(place.log().toFile())
                                .start();
                process.getOutputStream().close();
                return await(place, process);
            } catch (IOException e) {
                throw HostErrors.of(place.directory(), e, "the daemon cannot be started");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of("interrupted");
            }
        }

        private static List<String> await(DaemonPlace place, Process process)
                throws IOException, InterruptedException, UserErrorException {
            long started = System.nanoTime();
            while (System.nanoTime() - started < PATIENCE_NANOS) {
                boolean ended = process.waitFor(BLINK_MILLIS, TimeUnit.MILLISECONDS);
                List<String> status = status(place);
                if (!status.isEmpty()) {
                    return status;
                }
                if (ended && process.exitValue() != 0) {
                    break;
                }
                if (ended) { // another one has the place, and is about to serve
                    Thread.sleep(BLINK_MILLIS);
                }
            }
            String what = "the daemon did not start: " + firstLine(place);
            throw new UserErrorException(new UserError.Host(place.log().toString(), what, ""));
        }

        private static String firstLine(DaemonPlace place) throws IOException {
            return Files.readString(place.log()).lines().findFirst().orElse("it does not say why");
        }
    }

    /** {@code kseg daemon stop}. */
    @Command(
            name = "stop",
            header = "Stop the daemon when the machines that it runs have ended.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  kseg daemon stop --now"})
    static final class Stop implements Callable<Integer> {
        private final Host host;

        @Option(
                names = "--now",
                description =
                        "End the machines, too, as ^C does: disks are put away, statistics printed.")
        private boolean now;

        Stop(Host host) {
            this.host = host;
        }

        @Override
        public Integer call() throws UserErrorException {
            Wish wish = now ? Wish.STOP_NOW : Wish.STOP;
            DaemonPlace place = place();
            try (DaemonWire wire = greet(place, wish).orElse(null)) {
                if (wire == null) {
                    host.out().println("no daemon runs");
                    return ExitCode.POWER_OFF.code();
                }
                wire.answer(); // it has understood
                wire.receive(); // nothing: it hangs up when it ends
            } catch (SocketTimeoutException e) {
                throw hangs(place);
            } catch (IOException e) {
                // It has ended.
            }
            host.out().println("the daemon has ended");
            return ExitCode.POWER_OFF.code();
        }
    }

    /** {@code kseg daemon status}. */
    @Command(
            name = "status",
            header = "Show whether the daemon runs, and what it does.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "The exit code is 2 if none of this build runs.",
                "",
                "Example:",
                "  kseg daemon status || kseg daemon start"
            })
    static final class Status implements Callable<Integer> {
        private final Host host;

        Status(Host host) {
            this.host = host;
        }

        @Override
        public Integer call() throws UserErrorException {
            List<String> status = status(place());
            if (status.isEmpty()) {
                host.messages().say("no daemon of this build runs (kseg daemon start)");
                return ExitCode.REFUSED.code();
            }
            status.forEach(host.out()::println);
            return ExitCode.POWER_OFF.code();
        }
    }
}
