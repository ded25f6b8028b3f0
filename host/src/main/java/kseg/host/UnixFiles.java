package kseg.host;

import java.util.Optional;

/** What systems number differently in {@code <fcntl.h>} and {@code <sys/stat.h>}. */
enum UnixFiles {
    /** 64-bit x86 and ARM. */
    LINUX(0x80000, 64),
    MACOS(0x1000000, 104);

    private final int openFlags;
    private final int statBlocks;

    /**
     * @param openFlags O_RDONLY and O_CLOEXEC
     * @param statBlocks where st_blocks is in struct stat
     */
    UnixFiles(int openFlags, int statBlocks) {
        this.openFlags = openFlags;
        this.statBlocks = statBlocks;
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
}
