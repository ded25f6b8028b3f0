package kseg.engine.compile;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import kseg.cpu.Cpu;
import kseg.engine.CodePages;
import kseg.engine.RegionListing;
import kseg.engine.Translation;
import kseg.engine.compile.RegionGraph.Block;
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
    private static final Hints IGNORANCE =
            new Hints() {
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
     * Defines a listed region's class and calls each of its methods once, with next to nothing to
     * do: for somebody who watches the JVM compile them.
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
            var region = (Region) RegionClass.define(listing.classFile(), linkage).invoke();
            var cpu = new Cpu(0, CpuModel.MIPS161, false);
            region.run(cpu, 0, 0, 0);
            callRounds(region, cpu, listing);
        } catch (Throwable e) { // MethodHandle.invoke declares nothing narrower
            throw new IllegalStateException("cannot call a compiled region", e);
        }
    }

    /** Calls the second copies of loops: one round, with all registers 0. */
    private static void callRounds(Region region, Cpu cpu, RegionListing listing)
            throws Throwable { // MethodHandle.invoke declares nothing narrower
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        for (MethodModel method : ClassFile.of().parse(listing.classFile()).methods()) {
            String name = method.methodName().stringValue();
            if (RoundsMethod.isName(name)) {
                MethodType type = method.methodTypeSymbol().resolveConstantDesc(lookup);
                var arguments = new ArrayList<Object>(List.of(region, cpu));
                for (Class<?> parameter : type.parameterList().subList(1, type.parameterCount())) {
                    if (parameter == long.class) {
                        arguments.add(0L);
                    } else {
                        arguments.add(0);
                    }
                }
                lookup.findVirtual(region.getClass(), name, type).invokeWithArguments(arguments);
            }
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
                return Optional.of(listing(found.graph(), translation));
            }
        }
        return Optional.empty();
    }

    private static RegionListing listing(RegionGraph graph, Translation translation) {
        var blocks = new LinkedHashMap<String, List<Block>>();
        blocks.put("run", graph.blocks());
        for (HoistedLoop loop : HoistedLoop.of(graph)) {
            blocks.put(RoundsMethod.name(blocks.size() - 1), RoundsMethod.blocks(loop));
        }
        var methods = new ArrayList<RegionListing.Method>();
        for (MethodModel method : ClassFile.of().parse(translation.classFile()).methods()) {
            String name = method.methodName().stringValue();
            List<Block> guest = blocks.getOrDefault(name, List.of());
            method.findAttribute(Attributes.code())
                    .filter(code -> !guest.isEmpty())
                    .ifPresent(code ->
                            methods.add(
                                    new RegionListing.Method(
                                            name,
                                            guest.stream().map(RegionPreview::shown).toList(),
                                            code.codeLength())));
        }
        return new RegionListing(methods, translation.classFile(), translation.calls().size());
    }

    private static RegionListing.Block shown(Block block) {
        return new RegionListing.Block(block.pc, block.length(), block.entry);
    }
}
