package kseg.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import kseg.host.HostErrors;
import kseg.host.SocketDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The directory {@code .sockets}, in which a machine that was started as sys161 is to be found. The
 * machine does without what cannot be there, and says so.
 */
final class Sockets implements AutoCloseable {
    /** System/161's name. */
    static final String DIRECTORY = ".sockets";

    /** Opens a server on a path. */
    interface Opening<T> {
        T open(Path place) throws IOException;
    }

    private final Messages messages;
    private final @Nullable SocketDirectory directory;

    private Sockets(Messages messages, @Nullable SocketDirectory directory) {
        this.messages = messages;
        this.directory = directory;
    }

    static Sockets open(Host host) {
        Path directory = host.path(DIRECTORY);
        try {
            return new Sockets(
                    host.messages(), SocketDirectory.open(directory, host.caller().pid()));
        } catch (IOException e) {
            host.messages()
                    .say(
                            directory
                                    + ": "
                                    + HostErrors.reason(e)
                                    + "; debugger access disabled; metering disabled");
            return new Sockets(host.messages(), null);
        }
    }

    /** No directory: for a machine that was not started as sys161. */
    static Sockets none(Host host) {
        return new Sockets(host.messages(), null);
    }

    /**
     * Serves on a socket here.
     *
     * @param name the first machine's socket has
     * @param what is to be found there
     * @param without what the machine has to do without if that cannot be
     */
    <T> Optional<T> serve(String name, String what, String without, Opening<T> opening) {
        SocketDirectory here = directory;
        if (here == null) {
            return Optional.empty();
        }
        try {
            Path place = here.place(name);
            T server = opening.open(place);
            if (!place.endsWith(name)) {
                messages.say("another machine runs here: " + what + " of this one is " + place);
            }
            return Optional.of(server);
        } catch (IOException e) {
            messages.say(name + ": " + HostErrors.reason(e) + "; " + without);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            if (directory != null) {
                directory.close();
            }
        } catch (IOException e) {
            // Its lock is gone with it.
        }
    }
}
