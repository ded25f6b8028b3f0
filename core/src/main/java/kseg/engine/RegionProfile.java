package kseg.engine;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What the compiler found worth compiling in earlier runs of an image, so that a later run need not
 * find out again. A hint: what is compiled is what memory holds then, so a profile that is stale or
 * of something else costs time, and never shows in what the guest does.
 *
 * @param regions in the order in which they were hot
 */
public record RegionProfile(List<Hot> regions) {
    public static final RegionProfile EMPTY = new RegionProfile(List.of());

    /** Version of the encoded form; others are not read. */
    public static final int VERSION = 1;

    /** Most bytes of the encoded form. */
    public static final int MAX_BYTES = 1 << 18;

    /** Most regions of a profile. */
    public static final int MAX_REGIONS = 2000;

    /** Most pages and indirect jumps of a region, and most targets of a jump, that are kept. */
    public static final int MAX_PAGES = 8;

    public static final int MAX_SITES = 32;
    public static final int MAX_TARGETS = 48;

    private static final int MAGIC = 0x4b534547; // KSEG
    private static final int HEADER_BYTES = 12;
    private static final int CHECKSUM_BYTES = 4;

    /**
     * A region.
     *
     * @param key its virtual address, with bit 0 set for user mode
     * @param hash of the first instructions, by which the programs of one address are told apart
     * @param pages addresses of the pages it lies on
     * @param jumps targets of its indirect jumps that lay outside when it was compiled first, by
     *     the jump's address
     */
    public record Hot(int key, int hash, List<Integer> pages, Map<Integer, List<Integer>> jumps) {}

    public RegionProfile {
        regions = List.copyOf(regions);
    }

    /** Whether another profile has all these regions, with as many targets. */
    public boolean knowsNoMoreThan(RegionProfile other) {
        return new LinkedHashSet<>(other.regions).containsAll(regions);
    }

    /**
     * The profile as bytes, all big-endian: magic, version, number of regions; per region key,
     * hash, pages, number of sites; per site address, targets; a CRC-32 of all that. Lists have
     * their length in front. The hottest regions, if not all fit.
     */
    public byte[] encode() {
        var out = ByteBuffer.allocate(MAX_BYTES);
        out.putInt(MAGIC).putInt(VERSION).putInt(0);
        int count = 0;
        for (Hot hot : regions) {
            if (count == MAX_REGIONS || size(hot) > out.remaining() - CHECKSUM_BYTES) {
                break;
            }
            encode(hot, out);
            count++;
        }
        out.putInt(HEADER_BYTES - Integer.BYTES, count);
        out.putInt(checksum(out.array(), out.position()));
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private static int size(Hot hot) {
        int bytes = (4 + hot.pages.size()) * Integer.BYTES;
        for (List<Integer> targets : hot.jumps.values()) {
            bytes += (2 + targets.size()) * Integer.BYTES;
        }
        return bytes;
    }

    private static void encode(Hot hot, ByteBuffer out) {
        out.putInt(hot.key).putInt(hot.hash);
        encode(hot.pages, out);
        out.putInt(hot.jumps.size());
        hot.jumps.forEach((site, targets) -> {
            out.putInt(site);
            encode(targets, out);
        });
    }

    private static void encode(List<Integer> addresses, ByteBuffer out) {
        out.putInt(addresses.size());
        addresses.forEach(out::putInt);
    }

    /** The profile in these bytes; empty if they are not a whole one of this version. */
    public static Optional<RegionProfile> decode(byte[] bytes) {
        int end = bytes.length - CHECKSUM_BYTES;
        if (end < HEADER_BYTES
                || bytes.length > MAX_BYTES
                || ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)) {
            return Optional.empty();
        }
        return body(ByteBuffer.wrap(bytes, 0, end));
    }

    /** Believes nothing, though the checksum is right: anybody can compute one. */
    static Optional<RegionProfile> body(ByteBuffer in) {
        try {
            if (in.getInt() != MAGIC || in.getInt() != VERSION) {
                return Optional.empty();
            }
            int count = number(in, MAX_REGIONS);
            var regions = new ArrayList<Hot>();
            for (int i = 0; i < count; i++) {
                int key = address(in, 2);
                int hash = in.getInt();
                List<Integer> pages = addresses(in, MAX_PAGES);
                var jumps = new LinkedHashMap<Integer, List<Integer>>();
                int sites = number(in, MAX_SITES);
                for (int site = 0; site < sites; site++) {
                    jumps.put(address(in, 3), addresses(in, MAX_TARGETS));
                }
                regions.add(new Hot(key, hash, pages, jumps));
            }
            return in.hasRemaining() ? Optional.empty() : Optional.of(new RegionProfile(regions));
        } catch (BufferUnderflowException | MalformedException _) {
            return Optional.empty();
        }
    }

    private static List<Integer> addresses(ByteBuffer in, int most) throws MalformedException {
        int count = number(in, most);
        var addresses = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            addresses.add(address(in, 3));
        }
        return addresses;
    }

    private static int number(ByteBuffer in, int most) throws MalformedException {
        int number = in.getInt();
        if (number < 0 || number > most) {
            throw new MalformedException();
        }
        return number;
    }

    private static int address(ByteBuffer in, int clear) throws MalformedException {
        int address = in.getInt();
        if ((address & clear) != 0) {
            throw new MalformedException();
        }
        return address;
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** A number that no encoded profile holds. */
    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;
    }
}
