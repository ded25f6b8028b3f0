package kseg.device;

/**
 * Where the sectors of a System/161 disk lie, and how long its head takes (System/161's disk model;
 * the manual's "Fixed disk" says only that there is one).
 *
 * <p>Every disk has 320 tracks between the radii 10 and 40, recorded at one density, so that outer
 * tracks hold more; 6 percent is reserved for replacing bad sectors, and one sector of each track
 * is. Sectors are numbered from the outermost track inwards. Below 8068 sectors the latter reserve
 * takes more than there is, for most sizes.
 */
public final class DiskGeometry {
    static final int TRACKS = 320;

    private static final double INNER_DIAMETER = 20;
    private static final double OUTER_DIAMETER = 80;
    private static final double TRACK_WIDTH = (OUTER_DIAMETER - INNER_DIAMETER) / 2 / TRACKS;

    /** As System/161 has it: the geometry depends on it. */
    private static final double PI = 3.14159;

    private static final double SPARE = 1.06;

    private static final long MILLISECOND = 1_000_000;

    /** Longest seek made track by track. */
    private static final int SHORT_SEEK = 3;

    private final int[] length = new int[TRACKS];
    private final int[] first = new int[TRACKS];

    /**
     * @param sectors size of the disk
     * @throws IllegalArgumentException when no geometry fits; the message says why
     */
    public DiskGeometry(int sectors) {
        double density =
                (long) (sectors * SPARE)
                        / ((OUTER_DIAMETER * OUTER_DIAMETER - INNER_DIAMETER * INNER_DIAMETER)
                                * PI
                                / 4);
        int next = 0;
        for (int track = TRACKS - 1; track >= 0; track--) {
            double inside = INNER_DIAMETER / 2 + track * TRACK_WIDTH;
            double outside = inside + TRACK_WIDTH;
            double fitting = density * ((outside + inside) * TRACK_WIDTH * PI);
            if (fitting < 2.0) {
                throw tooSmall(sectors);
            }
            first[track] = next;
            length[track] = (int) fitting - 1;
            next += length[track];
        }
        if (next < sectors) {
            throw tooSmall(sectors);
        }
    }

    private static IllegalArgumentException tooSmall(int sectors) {
        return new IllegalArgumentException(
                "a disk of %d sectors has no geometry: 4 MB (8192 sectors) or more do"
                        .formatted(sectors));
    }

    /** The track of a sector, 0 innermost. */
    int track(int sector) {
        int low = 0;
        int high = TRACKS - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (first[middle] <= sector) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The place of a sector on its track. */
    int place(int sector) {
        return sector - first[track(sector)];
    }

    /** Number of sectors on a track. */
    int length(int track) {
        return length[track];
    }

    /** How long the head takes over this many tracks: up to three 5 ms each, then accelerated. */
    static long seekNanos(int tracks) {
        return tracks > SHORT_SEEK
                ? (long) (MILLISECOND * (10 + 3 * Math.sqrt(tracks)))
                : 5 * MILLISECOND * tracks;
    }
}
