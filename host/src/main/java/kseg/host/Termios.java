package kseg.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The layout of {@code struct termios} and the constants of {@code <termios.h>}, {@code
 * <sys/ioctl.h>} and {@code <signal.h>} that differ between systems. The flags named here are those
 * that a transparent console changes; POSIX names them, each system numbers them.
 */
enum Termios {
    /** glibc and musl, all little-endian 64-bit machines: flags are 32 bits wide. */
    LINUX(
            4,
            0x0004,
            0x0002,
            0x0008,
            0x0001,
            0x0080,
            new Cc(17, 6, 5, 1, 10, (byte) 0),
            0x5413L,
            20),
    /** Darwin: flags are longs. */
    MACOS(
            8,
            0x0002,
            0x0100,
            0x0008,
            0x0080,
            0x8000_0000L,
            new Cc(32, 16, 17, 9, 10, (byte) 0xff),
            0x4008_7468L,
            18);

    // Input flags, the same on both: INLCR, IGNCR, ICRNL.
    private static final long INLCR = 0x0040;
    private static final long IGNCR = 0x0080;
    private static final long ICRNL = 0x0100;

    private final int flagBytes;
    private final long onlcr;
    private final long icanon;
    private final long echo;
    private final long isig;
    private final long noflsh;
    private final Cc cc;
    private final long tiocgwinsz;
    private final int sigtstp;

    Termios(
            int flagBytes,
            long onlcr,
            long icanon,
            long echo,
            long isig,
            long noflsh,
            Cc cc,
            long tiocgwinsz,
            int sigtstp) {
        this.flagBytes = flagBytes;
        this.onlcr = onlcr;
        this.icanon = icanon;
        this.echo = echo;
        this.isig = isig;
        this.noflsh = noflsh;
        this.cc = cc;
        this.tiocgwinsz = tiocgwinsz;
        this.sigtstp = sigtstp;
    }

    /**
     * The array of special characters: where it starts, the indices of the ones used here, and the
     * value that switches one off.
     */
    private record Cc(int offset, int vmin, int vtime, int vquit, int vsusp, byte disabled) {}

    /** The layout of a system by its {@code os.name}; empty where Kseg knows none. */
    static Optional<Termios> of(String osName) {
        if (osName.equals("Linux")) {
            return Optional.of(LINUX);
        }
        return osName.startsWith("Mac") ? Optional.of(MACOS) : Optional.empty();
    }

    /** Bytes to allocate: no system's structure is larger. */
    static int size() {
        return 80;
    }

    long windowSizeRequest() {
        return tiocgwinsz;
    }

    int sigtstp() {
        return sigtstp;
    }

    /**
     * Makes a terminal transparent: characters at once and as typed, no echo, reads that do not
     * wait. Output flags stay as they are. With {@code keepSignals}, ^C stays a signal, and ^Z and
     * ^\ become characters for {@link Terminal} to act on; without, all are for the guest.
     */
    void makeTransparent(MemorySegment termios, boolean keepSignals) {
        setFlags(termios, 0, flags(termios, 0) & ~(INLCR | IGNCR | ICRNL));
        long off = icanon | echo | noflsh | (keepSignals ? 0 : isig);
        setFlags(termios, 3, flags(termios, 3) & ~off);
        setCharacter(termios, cc.vmin, (byte) 0);
        setCharacter(termios, cc.vtime, (byte) 0);
        setCharacter(termios, cc.vsusp, cc.disabled);
        setCharacter(termios, cc.vquit, cc.disabled);
    }

    /** Whether line feeds that are written become a carriage return and a line feed. */
    boolean mapsLineFeeds(MemorySegment termios) {
        return (flags(termios, 1) & onlcr) != 0;
    }

    /** Whether someone, most likely a shell, has given the terminal back its line editing. */
    boolean isCanonical(MemorySegment termios) {
        return (flags(termios, 3) & icanon) != 0;
    }

    /** The character that stops the process, ^Z unless the user has chosen another. */
    byte suspend(MemorySegment termios) {
        return termios.get(ValueLayout.JAVA_BYTE, cc.offset + cc.vsusp);
    }

    /** The character that kills the process, ^\ unless the user has chosen another. */
    byte quit(MemorySegment termios) {
        return termios.get(ValueLayout.JAVA_BYTE, cc.offset + cc.vquit);
    }

    /** Whether a special character is one that can be typed. */
    boolean isEnabled(byte character) {
        return character != cc.disabled;
    }

    private void setCharacter(MemorySegment termios, int index, byte character) {
        termios.set(ValueLayout.JAVA_BYTE, cc.offset + index, character);
    }

    /** Flag word 0 is for input, 1 output, 2 control, 3 local. */
    private long flags(MemorySegment termios, int word) {
        return flagBytes == 4
                ? Integer.toUnsignedLong(termios.get(ValueLayout.JAVA_INT, word * 4L))
                : termios.get(ValueLayout.JAVA_LONG, word * 8L);
    }

    private void setFlags(MemorySegment termios, int word, long flags) {
        if (flagBytes == 4) {
            termios.set(ValueLayout.JAVA_INT, word * 4L, (int) flags);
        } else {
            termios.set(ValueLayout.JAVA_LONG, word * 8L, flags);
        }
    }
}
