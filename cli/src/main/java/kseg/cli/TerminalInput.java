package kseg.cli;

import java.time.Duration;
import java.util.Arrays;
import kseg.host.Terminal;

/** Input typed at the terminal. */
final class TerminalInput implements ConsoleInput {
    private final Terminal terminal;
    private final byte[] buffer = new byte[256];
    private boolean ended;

    TerminalInput(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public byte[] take(Duration patience) {
        int count = ended ? 0 : terminal.read(buffer, patience);
        ended |= count < 0;
        return count <= 0 ? NONE : Arrays.copyOf(buffer, count);
    }

    @Override
    public void guestDid(long machineNanos, boolean nothing) {}

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean isPerson() {
        return !ended;
    }

    @Override
    public void close() {
        terminal.close();
    }
}
