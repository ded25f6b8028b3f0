package kseg.host;

import java.util.Optional;

/** What systems number differently in {@code <fcntl.h>}, {@code <sys/stat.h>} and for sockets. */
enum UnixFiles {
    /** 64-bit x86 and ARM. */
    LINUX(0x80000, 64, 0x40, 11),
    MACOS(0x1000000, 104, 0x80, 35);

    /** ENOBUFS: what macOS says when the receiver's queue is full. */
    private static final int MACOS_NO_BUFFERS = 55;

    private final int openFlags;
    private final int statBlocks;
    private final int doNotWait;
    private final int tryAgain;

    /**
     * @param openFlags O_RDONLY and O_CLOEXEC
     * @param statBlocks where st_blocks is in struct stat
     * @param doNotWait MSG_DONTWAIT
     * @param tryAgain EAGAIN
     */
    UnixFiles(int openFlags, int statBlocks, int doNotWait, int tryAgain) {
        this.openFlags = openFlags;
        this.statBlocks = statBlocks;
        this.doNotWait = doNotWait;
        this.tryAgain = tryAgain;
    }

    /** This system; empty where Kseg knows none. */
    static Optional<UnixFiles> here() {
        String name = System.getProperty("os.name", "");
        if (name.equals("Linux")) {
            return Optional.of(LINUX);
        }
        return name.startsWith("Mac") ? Optional.of(MACOS) : Optional.empty();
    }

    int openFlags() {
        return openFlags;
    }

    int statBlocks() {
        return statBlocks;
    }

    int doNotWait() {
        return doNotWait;
    }

    /** Whether a datagram was not sent because its receiver has no room for it now. */
    boolean meansNoRoom(int error) {
        return error == tryAgain || this == MACOS && error == MACOS_NO_BUFFERS;
    }
}
