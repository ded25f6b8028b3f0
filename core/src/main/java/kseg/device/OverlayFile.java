package kseg.device;

import kseg.port.BlockStore;

/**
 * A file as a detached machine sees it: sectors it wrote, over a file below. Immutable.
 *
 * @param size in bytes
 * @param baseSize how much of the file below still shows; what is beyond reads as zeros
 * @param written the sectors written, padded with zeros beyond the size
 */
record OverlayFile(long size, long baseSize, SectorOverlay written) {
    /** A new, empty file. */
    static final OverlayFile EMPTY = new OverlayFile(0, 0, SectorOverlay.EMPTY);

    private static final int SECTOR = BlockStore.SECTOR_BYTES;

    /** Reads the file below: up to {@code length} bytes from {@code offset}. */
    interface Below {
        byte[] read(long offset, int length);
    }

    byte[] read(long offset, int length, Below below) {
        int count = Math.clamp(size - offset, 0, length);
        byte[] data = new byte[count];
        for (int done = 0; done < count; ) {
            long position = offset + done;
            int within = (int) (position % SECTOR);
            int part = Math.min(SECTOR - within, count - done);
            System.arraycopy(sector(position / SECTOR, below), within, data, done, part);
            done += part;
        }
        return data;
    }

    OverlayFile write(long offset, byte[] data, Below below) {
        SectorOverlay sectors = written;
        for (int done = 0; done < data.length; ) {
            long position = offset + done;
            int within = (int) (position % SECTOR);
            int part = Math.min(SECTOR - within, data.length - done);
            byte[] sector = sector(position / SECTOR, below);
            System.arraycopy(data, done, sector, within, part);
            sectors = sectors.with((int) (position / SECTOR), sector);
            done += part;
        }
        long end = data.length == 0 ? size : Math.max(size, offset + data.length);
        return new OverlayFile(end, baseSize, sectors);
    }

    OverlayFile truncate(long length) {
        SectorOverlay[] kept = {SectorOverlay.EMPTY};
        written.forEach((sector, data) -> {
            long left = length - (long) sector * SECTOR;
            if (left > 0) {
                byte[] copy = new byte[SECTOR];
                System.arraycopy(data, 0, copy, 0, (int) Math.min(left, SECTOR));
                kept[0] = kept[0].with(sector, copy);
            }
        });
        return new OverlayFile(length, Math.min(baseSize, length), kept[0]);
    }

    /** A copy of one sector. */
    private byte[] sector(long number, Below below) {
        byte[] found = written.find((int) number);
        if (found != null) {
            return found.clone();
        }
        byte[] sector = new byte[SECTOR];
        int shows = Math.clamp(baseSize - number * SECTOR, 0, SECTOR);
        if (shows > 0) {
            byte[] data = below.read(number * SECTOR, shows);
            System.arraycopy(data, 0, sector, 0, data.length);
        }
        return sector;
    }
}
