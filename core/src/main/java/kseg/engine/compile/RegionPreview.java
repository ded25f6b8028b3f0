package kseg.engine.compile;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kseg.cpu.Cpu;
import kseg.engine.CodePages;
import kseg.engine.RegionListing;
import kseg.image.ElfImage;
import kseg.isa.CpuModel;
import kseg.isa.Semantics;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

/**
 * Compiles a region of a program that does not run, to look at it. A running machine may compile
 * another there: it also knows where indirect jumps have gone, and has pages the file has not.
 */
public final class RegionPreview {
    private static final int PAGE_MASK = FramePool.FRAME_BYTES - 1;
    private static final int LEAST_RAM = 1 << 20;

    /** A program that does not run teaches nothing. */
    private static final Scout.Lessons IGNORANCE =
            new Scout.Lessons() {
                @Override
                public List<Integer> targets(int pc) {
                    return List.of();
                }

                @Override
                public boolean straddles(int pc) {
                    return false;
                }

                @Override
                public boolean endsSoon(int pc) {
                    return false;
                }
            };

    private RegionPreview() {}

    /** The region at an address; empty if nothing can be compiled there. */
    public static Optional<RegionListing> at(ElfImage image, int pc) {
        int pages = 0;
        for (ElfImage.Segment segment : code(image)) {
            pages += segment.copyBytes() / FramePool.FRAME_BYTES + 2;
        }
        int ramBytes = Math.max(LEAST_RAM, pages * FramePool.FRAME_BYTES);
        FramePool pool = FramePool.forRam(ramBytes);
        var maps = new PageMaps();
        var decoded = new CodePages(pool, maps, CpuModel.MIPS161, !image.bigEndian());
        var memory = new PhysicalMemory(pool, maps, decoded, ramBytes);
        int paddr = 0;
        for (ElfImage.Segment segment : code(image)) {
            int end = segment.vaddr() + segment.copyBytes();
            for (int page = segment.vaddr() & ~PAGE_MASK; page - end < 0; page += PAGE_MASK + 1) {
                for (int offset = 0; offset <= PAGE_MASK; offset += 4) {
                    int word = image.word(page + offset).orElse(0);
                    memory.putWord(
                            paddr + offset, image.bigEndian() ? word : Integer.reverseBytes(word));
                }
                int frame = memory.frame(paddr >>> FramePool.FRAME_SHIFT);
                maps.install(page, frame, PageMaps.DIRECT, page >= 0, false);
                decoded.at(frame);
                paddr += PAGE_MASK + 1;
            }
        }
        int[] fetch = pc >= 0 ? maps.userRead() : maps.kernelRead();
        Scout.View view =
                vaddr -> {
                    int address = vaddr + fetch[vaddr >>> FramePool.FRAME_SHIFT];
                    return (address & FramePool.outside(pool.bytes())) == 0
                            ? decoded.known(address >>> FramePool.FRAME_SHIFT)
                            : null;
                };
        return translate(view, pc);
    }

    /**
     * Defines a listed region's class and calls it once, with nothing to do: for somebody who
     * watches the JVM compile it.
     */
    public static void call(RegionListing listing, boolean user) {
        FramePool pool = FramePool.forRam(LEAST_RAM);
        var maps = new PageMaps();
        Linkage.Slot[] slots = new Linkage.Slot[listing.calls()];
        Arrays.setAll(slots, i -> new Linkage.Slot(0));
        var linkage =
                new Linkage(
                        pool.bytes(),
                        user ? maps.userRead() : maps.kernelRead(),
                        user ? maps.userWrite() : maps.kernelWrite(),
                        new Linkage.Jumps(),
                        slots);
        try {
            // or the JVM would leave out what they compute
            MethodHandles.lookup().ensureInitialized(Semantics.class);
            MethodHandles.lookup().ensureInitialized(GuestBytes.class);
            var region = (Region) Compiler.define(listing.classFile(), linkage).invoke();
            region.run(new Cpu(0, CpuModel.MIPS161, false), 0, 0, 0);
        } catch (Throwable e) { // MethodHandle.invoke declares nothing narrower
            throw new IllegalStateException("cannot call a compiled region", e);
        }
    }

    private static List<ElfImage.Segment> code(ElfImage image) {
        return image.segments().stream().filter(s -> s.loadable() && s.executable()).toList();
    }

    private static Optional<RegionListing> translate(Scout.View view, int pc) {
        for (int insns = Compiler.MAX_INSNS; insns > 0; insns = Compiler.fewer(insns)) {
            var extent = new Scout.Extent(pc, pc >= 0, insns, false);
            Scout.Found found = Scout.scout(new CodeReader(view), IGNORANCE, extent);
            if (found == null) {
                return Optional.empty();
            }
            var translation = RegionCompiler.translate(found.graph(), found.pages());
            if (translation.bytecodes() <= RegionCompiler.MAX_BYTECODE) {
                return Optional.of(
                        new RegionListing(
                                found.graph().blocks().stream()
                                        .map(block ->
                                                new RegionListing.Block(
                                                        block.pc, block.length(), block.entry))
                                        .toList(),
                                translation.classFile(),
                                translation.bytecodes(),
                                translation.calls().size()));
            }
        }
        return Optional.empty();
    }
}
