package kseg.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.debug.GdbStub;
import kseg.host.DebugSocket;
import kseg.host.HostErrors;
import kseg.machine.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The debugger of a run, if one comes: lets it in between two calls of {@link Machine#run}, and
 * lets it look for as long as it likes whenever the machine has stopped. In machine time that is no
 * time.
 *
 * <p>Not thread-safe: the machine's owner.
 */
final class Debugger implements AutoCloseable {
    private static final String SOCKET = "gdb";

    /** How long a client may take to hang up when the run has ended. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** How long to listen to a debugger before looking whether the user has typed ^C. */
    private static final Duration BLINK = Duration.ofMillis(100);

    private final Messages messages;
    private final BooleanSupplier interrupt;
    private final @Nullable DebugSocket socket;
    private @Nullable GdbStub stub;
    private boolean killed;

    private Debugger(Messages messages, BooleanSupplier interrupt, @Nullable DebugSocket socket) {
        this.messages = messages;
        this.interrupt = interrupt;
        this.socket = socket;
    }

    /** None can come. */
    static Debugger none(Messages messages, BooleanSupplier interrupt) {
        return new Debugger(messages, interrupt, null);
    }

    /** Waits for one on a unix socket. */
    static Debugger at(Path place, Messages messages, BooleanSupplier interrupt)
            throws UserErrorException {
        try {
            return new Debugger(messages, interrupt, DebugSocket.at(place));
        } catch (IOException e) {
            throw HostErrors.of(place, e, "the debugger's socket needs a place of its own");
        }
    }

    /** Waits for one on a TCP port. */
    static Debugger at(int port, Messages messages, BooleanSupplier interrupt)
            throws UserErrorException {
        try {
            return new Debugger(messages, interrupt, DebugSocket.at(port));
        } catch (IOException e) {
            String what = "-p " + port + ": " + HostErrors.reason(e);
            throw new UserErrorException(new UserError.Usage(what, "try another port"));
        }
    }

    /** Waits for one on {@code .sockets/gdb}; does without if that cannot be. */
    static Debugger atUsualPlace(Sockets sockets, Messages messages, BooleanSupplier interrupt) {
        Optional<DebugSocket> socket =
                sockets.serve(
                        SOCKET,
                        "the debugger's socket",
                        "debugger access disabled",
                        DebugSocket::at);
        return new Debugger(messages, interrupt, socket.orElse(null));
    }

    /** Whether one could come, or has. */
    boolean isPossible() {
        return socket != null;
    }

    boolean isConnected() {
        return stub != null;
    }

    /** Whether the debugger wants the machine no more. */
    boolean killed() {
        return killed;
    }

    /**
     * Looks whether a debugger has come, gone, or wants the machine to stop, and if so lets it
     * look. Says whether it has: the machine may have been changed.
     */
    boolean attend(Machine machine) {
        DebugSocket from = socket;
        if (from == null) {
            return false;
        }
        Optional<byte[]> received = from.receive(Duration.ZERO);
        GdbStub present = stub;
        if (present == null) {
            return greet(machine, from, received, runningCpu(machine));
        }
        if (received.isEmpty()) {
            gone(present);
            return true;
        }
        byte[] bytes = received.get();
        if (bytes.length > 0) {
            from.send(present.received(bytes));
        }
        if (present.interrupting()) {
            stopped(machine, runningCpu(machine), GdbStub.SIGINT);
            return true;
        }
        return false;
    }

    /** The machine has stopped on behalf of a CPU: the debugger, if there is one, may look. */
    void stopped(Machine machine, int cpu, int signal) {
        GdbStub present = stub;
        DebugSocket to = socket;
        if (present != null && to != null) {
            to.send(present.stopped(cpu, signal));
            serve(present, to);
        }
    }

    /** The run has ended, with this exit code. */
    void ended(int code) {
        GdbStub present = stub;
        DebugSocket to = socket;
        if (present != null && to != null) {
            to.send(present.exited(code));
            awaitHangUp(to);
            disconnect(present, to);
        }
    }

    /** A client that answers a closed socket never reads what was sent before: it goes first. */
    private static void awaitHangUp(DebugSocket from) {
        long deadline = System.nanoTime() + FAREWELL.toNanos();
        while (from.receive(BLINK).isPresent() && System.nanoTime() < deadline) {}
    }

    /** The machine has stopped, and goes on only when a debugger has come and lets it. */
    void await(Machine machine) {
        DebugSocket from = socket;
        if (from == null) {
            return;
        }
        messages.say("Waiting for debugger connection...");
        while (!interrupt.getAsBoolean()) {
            if (greet(machine, from, from.receive(BLINK), runningCpu(machine))) {
                return;
            }
        }
    }

    /** Lets a debugger look that has just come, if one has. */
    private boolean greet(Machine machine, DebugSocket from, Optional<byte[]> received, int cpu) {
        if (!from.hasClient()) {
            return false;
        }
        messages.say("New debugger connection");
        GdbStub present = new GdbStub(machine, cpu);
        stub = present;
        received.ifPresent(bytes -> from.send(present.received(bytes)));
        serve(present, from);
        return true;
    }

    private void serve(GdbStub present, DebugSocket from) {
        while (present.wish() == GdbStub.Wish.STAY && !interrupt.getAsBoolean()) {
            Optional<byte[]> received = from.receive(BLINK);
            if (received.isEmpty()) {
                gone(present);
                return;
            }
            byte[] bytes = received.get();
            if (bytes.length > 0) {
                from.send(present.received(bytes));
            }
        }
        switch (present.wish()) {
            case STAY, RUN -> {}
            case LEAVE -> disconnect(present, from);
            case KILL -> {
                disconnect(present, from);
                messages.say("Debugger requested kill");
                killed = true;
            }
        }
    }

    private void gone(GdbStub present) {
        messages.say("gdbcomm: read: EOF from debugger");
        present.disconnected();
        stub = null;
    }

    /** Lets the debugger hang up by itself: it has yet to acknowledge the answer. */
    private void disconnect(GdbStub present, DebugSocket from) {
        present.disconnected();
        stub = null;
        from.release();
    }

    /** A CPU that is doing something, for a debugger to see first. */
    private static int runningCpu(Machine machine) {
        for (int i = 0; i < machine.spec().cpus(); i++) {
            if (machine.cpu(i).running()) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
