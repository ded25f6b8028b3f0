package kseg.engine.interpret;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.isa.Semantics;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;

// spotless:off

/**
 * The interpreter's loop over decoded pages. Generated from the instruction table by
 * FastLoopGenerator (test sources); do not edit.
 *
 * <p>{@code ip} and {@code nip} are the indices of the present and the next instruction in
 * the page at {@code page}; a target in another page is the index CROSS and the address
 * {@code cross}. {@code budget} counts the steps left; {@code slotAt} is its value when the
 * latest delay slot starts. The method stays below 8,000 bytes of bytecode, or HotSpot would
 * not compile it.
 */
public final class FastLoop {
    private static final VarHandle BIG32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BIG16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LITTLE16 =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int PAGE_END = CodePages.PAGE_END;
    private static final int CROSS = CodePages.CROSS;
    private static final int IN_PAGE = 0xffc;

    private final CodePages codePages;
    private final PreciseStep precise;

    public FastLoop(CodePages codePages, PreciseStep precise) {
        this.codePages = codePages;
        this.precise = precise;
    }

    /**
     * Runs ordinary and local instructions until one is neither, or {@code start} are done. Says
     * how many are left; the caller counts what was done ({@code cpu.cycles} is as of the start).
     */
    public int run(Cpu cpu, PhysicalMemory memory, int start) { // hot
        int budget = start;
        PageMaps maps = memory.maps();
        boolean user = cpu.userMode();
        boolean isolated = cpu.cacheIsolated();
        int[] fetch = user ? maps.userRead() : maps.kernelRead();
        int[] rmap = isolated ? maps.nothing() : fetch;
        int[] wmap = isolated ? rmap : user ? maps.userWrite() : maps.kernelWrite();
        byte[] mem = memory.bytes();
        int outside = ~(mem.length - 1);
        int[] r = cpu.gpr;
        int pc = cpu.pc;
        int npc = cpu.npc;
        int slotAt = cpu.inSlot ? budget : -1;
        int cross = 0;

        enter:
        for (;;) {
            int fetched = pc + fetch[pc >>> 12];
            if ((fetched & (outside | 3)) != 0) {
                break;
            }
            long[] code = codePages.at(fetched >>> 12);
            int page = pc & 0xfffff000;
            int ip = pc >>> 2 & 0x3ff;
            int nip;
            int next = npc - page;
            if ((next & ~IN_PAGE) == 0) {
                nip = next >>> 2;
            } else if (next == 0x1000) {
                nip = PAGE_END;
            } else {
                nip = CROSS;
                cross = npc;
            }
            int at;
            long w;
            run:
            for (;;) {
                if (budget == 0) {
                    pc = address(page, ip, cross);
                    npc = address(page, nip, cross);
                    break enter;
                }
                w = code[ip];
                at = ip;
                ip = nip;
                nip = ip + 1;
                budget--;
                int target;
                switch ((int) (w >>> 56)) {
                    case 0 -> { // add
                        if (Semantics.addOverflows(r[a(w)], r[b(w)])) { break run; } r[d(w)] = Semantics.add(r[a(w)], r[b(w)]); continue; }
                    case 1 -> { // addu
                        r[d(w)] = Semantics.addu(r[a(w)], r[b(w)]); continue; }
                    case 2 -> { // sub
                        if (Semantics.subOverflows(r[a(w)], r[b(w)])) { break run; } r[d(w)] = Semantics.sub(r[a(w)], r[b(w)]); continue; }
                    case 3 -> { // subu
                        r[d(w)] = Semantics.subu(r[a(w)], r[b(w)]); continue; }
                    case 4 -> { // and
                        r[d(w)] = Semantics.and(r[a(w)], r[b(w)]); continue; }
                    case 5 -> { // or
                        r[d(w)] = Semantics.or(r[a(w)], r[b(w)]); continue; }
                    case 6 -> { // xor
                        r[d(w)] = Semantics.xor(r[a(w)], r[b(w)]); continue; }
                    case 7 -> { // nor
                        r[d(w)] = Semantics.nor(r[a(w)], r[b(w)]); continue; }
                    case 8 -> { // slt
                        r[d(w)] = Semantics.slt(r[a(w)], r[b(w)]); continue; }
                    case 9 -> { // sltu
                        r[d(w)] = Semantics.sltu(r[a(w)], r[b(w)]); continue; }
                    case 10 -> { // sll
                        r[d(w)] = Semantics.sll(r[b(w)], (int) w); continue; }
                    case 11 -> { // srl
                        r[d(w)] = Semantics.srl(r[b(w)], (int) w); continue; }
                    case 12 -> { // sra
                        r[d(w)] = Semantics.sra(r[b(w)], (int) w); continue; }
                    case 13 -> { // sllv
                        r[d(w)] = Semantics.sllv(r[b(w)], r[a(w)]); continue; }
                    case 14 -> { // srlv
                        r[d(w)] = Semantics.srlv(r[b(w)], r[a(w)]); continue; }
                    case 15 -> { // srav
                        r[d(w)] = Semantics.srav(r[b(w)], r[a(w)]); continue; }
                    case 16 -> { // addi
                        if (Semantics.addiOverflows(r[a(w)], (int) w)) { break run; } r[d(w)] = Semantics.addi(r[a(w)], (int) w); continue; }
                    case 17 -> { // addiu
                        r[d(w)] = Semantics.addiu(r[a(w)], (int) w); continue; }
                    case 18 -> { // slti
                        r[d(w)] = Semantics.slti(r[a(w)], (int) w); continue; }
                    case 19 -> { // sltiu
                        r[d(w)] = Semantics.sltiu(r[a(w)], (int) w); continue; }
                    case 20 -> { // andi
                        r[d(w)] = Semantics.andi(r[a(w)], (int) w); continue; }
                    case 21 -> { // ori
                        r[d(w)] = Semantics.ori(r[a(w)], (int) w); continue; }
                    case 22 -> { // xori
                        r[d(w)] = Semantics.xori(r[a(w)], (int) w); continue; }
                    case 23 -> { // lui
                        r[d(w)] = Semantics.lui((int) w); continue; }
                    case 24 -> { // mult
                        long hiLo = Semantics.mult(r[a(w)], r[b(w)]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                    case 25 -> { // multu
                        long hiLo = Semantics.multu(r[a(w)], r[b(w)]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                    case 26 -> { // div
                        long hiLo = Semantics.div(r[a(w)], r[b(w)]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                    case 27 -> { // divu
                        long hiLo = Semantics.divu(r[a(w)], r[b(w)]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                    case 28 -> { // mfhi
                        r[d(w)] = r[Cpu.HI]; continue; }
                    case 29 -> { // mthi
                        r[Cpu.HI] = r[a(w)]; continue; }
                    case 30 -> { // mflo
                        r[d(w)] = r[Cpu.LO]; continue; }
                    case 31 -> { // mtlo
                        r[Cpu.LO] = r[a(w)]; continue; }
                    case 32 -> { // j
                        target = page + (at << 2) + 4 & 0xf0000000 | (int) w; }
                    case 33 -> { // jal
                        target = page + (at << 2) + 4 & 0xf0000000 | (int) w; r[31] = page + (at << 2) + 8; }
                    case 34 -> { // jr
                        target = r[a(w)]; }
                    case 35 -> { // jalr
                        target = r[a(w)]; r[d(w)] = page + (at << 2) + 8; }
                    case 36 -> { // beq
                        boolean taken = Semantics.beq(r[a(w)], r[b(w)]); slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 164 -> { // beq to another page
                        boolean taken = Semantics.beq(r[a(w)], r[b(w)]); if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 37 -> { // bne
                        boolean taken = Semantics.bne(r[a(w)], r[b(w)]); slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 165 -> { // bne to another page
                        boolean taken = Semantics.bne(r[a(w)], r[b(w)]); if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 38 -> { // blez
                        boolean taken = Semantics.blez(r[a(w)]); slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 166 -> { // blez to another page
                        boolean taken = Semantics.blez(r[a(w)]); if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 39 -> { // bgtz
                        boolean taken = Semantics.bgtz(r[a(w)]); slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 167 -> { // bgtz to another page
                        boolean taken = Semantics.bgtz(r[a(w)]); if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 40 -> { // bltz
                        boolean taken = Semantics.bltz(r[a(w)]); slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 168 -> { // bltz to another page
                        boolean taken = Semantics.bltz(r[a(w)]); if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 41 -> { // bgez
                        boolean taken = Semantics.bgez(r[a(w)]); slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 169 -> { // bgez to another page
                        boolean taken = Semantics.bgez(r[a(w)]); if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 42 -> { // bltzal
                        boolean taken = Semantics.bltzal(r[a(w)]); r[31] = page + (at << 2) + 8; slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 170 -> { // bltzal to another page
                        boolean taken = Semantics.bltzal(r[a(w)]); r[31] = page + (at << 2) + 8; if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 43 -> { // bgezal
                        boolean taken = Semantics.bgezal(r[a(w)]); r[31] = page + (at << 2) + 8; slotAt = budget; if (taken) { nip = (int) w; } continue; }
                    case 171 -> { // bgezal to another page
                        boolean taken = Semantics.bgezal(r[a(w)]); r[31] = page + (at << 2) + 8; if (!taken) { slotAt = budget; continue; } target = page + ((int) w << 2); }
                    case 46 -> { // lb
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[d(w)] = Semantics.lb(mem[pa] & 0xff); continue; }
                    case 47 -> { // lh
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[d(w)] = Semantics.lh((short) BIG16.get(mem, pa) & 0xffff); continue; }
                    case 175 -> { // lh, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[d(w)] = Semantics.lh((short) LITTLE16.get(mem, pa) & 0xffff); continue; }
                    case 48 -> { // lwl
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[d(w)] = Semantics.lwlBig(r[b(w)], (int) BIG32.get(mem, pa & ~3), va); continue; }
                    case 176 -> { // lwl, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[d(w)] = Semantics.lwlLittle(r[b(w)], (int) LITTLE32.get(mem, pa & ~3), va); continue; }
                    case 49 -> { // lw
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } r[d(w)] = Semantics.lw((int) BIG32.get(mem, pa)); continue; }
                    case 177 -> { // lw, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } r[d(w)] = Semantics.lw((int) LITTLE32.get(mem, pa)); continue; }
                    case 50 -> { // lbu
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[d(w)] = Semantics.lbu(mem[pa] & 0xff); continue; }
                    case 51 -> { // lhu
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[d(w)] = Semantics.lhu((short) BIG16.get(mem, pa) & 0xffff); continue; }
                    case 179 -> { // lhu, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[d(w)] = Semantics.lhu((short) LITTLE16.get(mem, pa) & 0xffff); continue; }
                    case 52 -> { // lwr
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[d(w)] = Semantics.lwrBig(r[b(w)], (int) BIG32.get(mem, pa & ~3), va); continue; }
                    case 180 -> { // lwr, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[d(w)] = Semantics.lwrLittle(r[b(w)], (int) LITTLE32.get(mem, pa & ~3), va); continue; }
                    case 53 -> { // sb
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } mem[pa] = (byte) r[b(w)]; continue; }
                    case 54 -> { // sh
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } BIG16.set(mem, pa, (short) r[b(w)]); continue; }
                    case 182 -> { // sh, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } LITTLE16.set(mem, pa, (short) r[b(w)]); continue; }
                    case 55 -> { // swl
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; BIG32.set(mem, at4, Semantics.swlBig(r[b(w)], (int) BIG32.get(mem, at4), va)); continue; }
                    case 183 -> { // swl, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; LITTLE32.set(mem, at4, Semantics.swlLittle(r[b(w)], (int) LITTLE32.get(mem, at4), va)); continue; }
                    case 56 -> { // sw
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } BIG32.set(mem, pa, r[b(w)]); continue; }
                    case 184 -> { // sw, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } LITTLE32.set(mem, pa, r[b(w)]); continue; }
                    case 57 -> { // swr
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; BIG32.set(mem, at4, Semantics.swrBig(r[b(w)], (int) BIG32.get(mem, at4), va)); continue; }
                    case 185 -> { // swr, little-endian
                        int va = r[a(w)] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; LITTLE32.set(mem, at4, Semantics.swrLittle(r[b(w)], (int) LITTLE32.get(mem, at4), va)); continue; }
                    case CodePages.OP_PAGE_END, CodePages.OP_CROSS -> {
                        budget++;
                        pc = address(page, at, cross);
                        npc = address(page, ip, cross);
                        continue enter; }
                    default -> { break run; }
                }
                slotAt = budget;
                int index = target - page;
                if ((index & ~IN_PAGE) == 0) {
                    nip = index >>> 2;
                } else if (ip != CROSS) {
                    nip = CROSS;
                    cross = target;
                } else {
                    pc = cross;
                    npc = target;
                    continue enter;
                }
            }
            budget++;
            pc = address(page, at, cross);
            npc = address(page, ip, cross);
            if ((int) (w >>> 56) != CodePages.OP_LOCAL
                    || !precise.local(cpu, (int) w, start - budget)) {
                break;
            }
            budget--;
            pc = npc;
            npc += 4;
        }
        cpu.pc = pc;
        cpu.npc = npc;
        cpu.inSlot = slotAt == budget;
        return budget;
    }

    private static int address(int page, int index, int cross) {
        return index < CROSS ? page + (index << 2) : cross + (index - CROSS << 2);
    }

    private static int a(long w) {
        return (int) (w >>> 48) & 0xff;
    }

    private static int b(long w) {
        return (int) (w >>> 40) & 0xff;
    }

    private static int d(long w) {
        return (int) (w >>> 32) & 0xff;
    }
}
// spotless:on
