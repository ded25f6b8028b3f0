package kseg.engine;

import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.stream.IntStream;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

/**
 * After every step of random programs: translation is that of a naive model of the TLB, and no page
 * map is more generous than that model. The model is written from the manual, not from {@link Mmu}.
 */
class TranslationProps {
    private static final int PROGRAMS = Integer.getInteger("kseg.translation.programs", 300);
    private static final long NO = -1;

    /** Pages that the programs use, and some beside them. */
    private static final int[] PAGES =
            IntStream.of(
                            0, 0x00400, 0x00401, 0x00402, 0x10000, 0x10001, 0x10002, 0x10003,
                            0x7ffff, 0x80000, 0x80002, 0x80003, 0x80006, 0x80007, 0x81000, 0x9fc00,
                            0xa0002, 0xa0006, 0xa0007, 0xbfc00, 0xbfe00, 0xc0000, 0xc0001, 0xfffff)
                    .toArray();

    /** One entry, with the fields the manual draws. */
    private record Entry(int vpn, int asid, int pfn, boolean dirty, boolean valid, boolean global) {
        static Entry of(int hi, int lo) {
            return new Entry(
                    hi >>> 12,
                    hi >>> 6 & 63,
                    lo >>> 12,
                    (lo >>> 10 & 1) == 1,
                    (lo >>> 9 & 1) == 1,
                    (lo >>> 8 & 1) == 1);
        }
    }

    private final CpuRig rig = new CpuRig(EngineKind.INTERPRETER, CpuModel.MIPS161, false);
    private final Cpu cpu = rig.cpu();
    private final PhysicalMemory memory = rig.memory();
    private final PageMaps maps = memory.maps();
    private final Mmu mmu = new Mmu(memory, rig);

    @Test
    void neverMoreGenerousThanTheTlb() {
        for (long seed = 1; seed <= PROGRAMS; seed++) {
            RandomProgram program = RandomProgram.of(seed, CpuModel.MIPS161);
            if (!violation(program).isEmpty()) {
                RandomProgram least = program.shrink(p -> !violation(p).isEmpty());
                fail("seed %d: %s%n%s".formatted(seed, violation(least), least));
            }
        }
    }

    /** What is wrong after some step; empty if nothing is. */
    private String violation(RandomProgram program) {
        program.load(rig);
        for (int step = 1; step <= RandomProgram.STEPS && !cpu.waiting; step++) {
            rig.runTo(step);
            List<Entry> entries =
                    IntStream.range(0, 64)
                            .mapToObj(i -> Entry.of(cpu.tlb().hi(i), cpu.tlb().lo(i)))
                            .toList();
            for (int page : PAGES) {
                String wrong = check(entries, page);
                if (!wrong.isEmpty()) {
                    return "step %d, page %05x: %s".formatted(step, page, wrong);
                }
            }
        }
        return "";
    }

    private String check(List<Entry> entries, int page) {
        boolean user = cpu.userMode();
        for (boolean store : new boolean[] {false, true}) {
            long model = translate(entries, page, store, user);
            long translated = mmu.translate(cpu, page << 12 | 0x123, store, 0);
            if (model < 0 ? translated >= 0 : translated != (model << 12 | 0x123)) {
                return "%s is %x".formatted(store ? "store" : "load", translated);
            }
        }
        String kernel =
                checkMaps(entries, page, false, maps.kernelRead()[page], maps.kernelWrite()[page]);
        String inUser =
                checkMaps(entries, page, true, maps.userRead()[page], maps.userWrite()[page]);
        return kernel + inUser;
    }

    private String checkMaps(List<Entry> entries, int page, boolean user, int read, int write) {
        int readAddress = (page << 12) + read;
        int writeAddress = (page << 12) + write;
        long readable = translate(entries, page, false, user);
        long writable = translate(entries, page, true, user);
        String mode = user ? "user " : "kernel ";
        if (readAddress >= 0) {
            if (readable < 0 || memory.frame((int) readable) != readAddress >>> 12) {
                return mode + "read map";
            }
        }
        if (writeAddress >= 0) {
            boolean ram = writable >= 0 && writable < CpuRig.RAM_BYTES >> 12;
            if (!ram || memory.writableFrame((int) writable) != writeAddress >>> 12) {
                return mode + "write map";
            }
            if (!memory.mayMapWritable(writeAddress >>> 12)) {
                return mode + "write map of code";
            }
        }
        return "";
    }

    /** Physical page of a virtual page, or {@link #NO}. */
    private long translate(List<Entry> entries, int page, boolean store, boolean user) {
        if (page >= 0x80000 && user) {
            return NO;
        }
        if (page >= 0x80000 && page < 0xc0000) {
            return page & 0x1ffff;
        }
        int asid = rig.cp0(10) >>> 6 & 63;
        for (Entry entry : entries) {
            if (entry.vpn == page && (entry.global || entry.asid == asid)) {
                return entry.valid && (entry.dirty || !store) ? entry.pfn : NO;
            }
        }
        return NO;
    }
}
