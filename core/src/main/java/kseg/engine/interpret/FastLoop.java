package kseg.engine.interpret;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.engine.CodePages;
import kseg.isa.Semantics;
import kseg.memory.FramePool;
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
 * latest delay slot starts.
 *
 * <p>Written for HotSpot's compiler, with measurements: an index masked by {@code regs} is
 * checked by one test of a register. Do not help it to prove even that: the checks are all
 * that keeps it from moving a case's loads up, in front of the switch (a tenth of the
 * speed). What several cases compute alike stands behind the switch for the same reason.
 * The method stays below 8,000 bytes of bytecode, or HotSpot would
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
        int outside = FramePool.outside(mem);
        int[] r = cpu.gpr;
        int regs = r.length - 1;
        if (regs <= 0) {
            throw new AssertionError("no registers");
        }
        Objects.requireNonNull(rmap);
        Objects.requireNonNull(wmap);
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
            long[] code = Objects.requireNonNull(codePages.at(fetched >>> 12));
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
                int link = Cpu.SINK;
                jump:
                {
                    boolean taken;
                    switch ((int) (w >>> 56)) {
                        case 0 -> { // add
                            if (Semantics.addOverflows(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs])) { break run; } r[(int) (w >>> 32) & regs] = Semantics.add(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 1 -> { // addu
                            r[(int) (w >>> 32) & regs] = Semantics.addu(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 2 -> { // sub
                            if (Semantics.subOverflows(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs])) { break run; } r[(int) (w >>> 32) & regs] = Semantics.sub(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 3 -> { // subu
                            r[(int) (w >>> 32) & regs] = Semantics.subu(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 4 -> { // and
                            r[(int) (w >>> 32) & regs] = Semantics.and(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 5 -> { // or
                            r[(int) (w >>> 32) & regs] = Semantics.or(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 6 -> { // xor
                            r[(int) (w >>> 32) & regs] = Semantics.xor(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 7 -> { // nor
                            r[(int) (w >>> 32) & regs] = Semantics.nor(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 8 -> { // slt
                            r[(int) (w >>> 32) & regs] = Semantics.slt(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 9 -> { // sltu
                            r[(int) (w >>> 32) & regs] = Semantics.sltu(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); continue; }
                        case 10 -> { // sll
                            r[(int) (w >>> 32) & regs] = Semantics.sll(r[(int) (w >>> 40) & regs], (int) w); continue; }
                        case 11 -> { // srl
                            r[(int) (w >>> 32) & regs] = Semantics.srl(r[(int) (w >>> 40) & regs], (int) w); continue; }
                        case 12 -> { // sra
                            r[(int) (w >>> 32) & regs] = Semantics.sra(r[(int) (w >>> 40) & regs], (int) w); continue; }
                        case 13 -> { // sllv
                            r[(int) (w >>> 32) & regs] = Semantics.sllv(r[(int) (w >>> 40) & regs], r[(int) (w >>> 48) & regs]); continue; }
                        case 14 -> { // srlv
                            r[(int) (w >>> 32) & regs] = Semantics.srlv(r[(int) (w >>> 40) & regs], r[(int) (w >>> 48) & regs]); continue; }
                        case 15 -> { // srav
                            r[(int) (w >>> 32) & regs] = Semantics.srav(r[(int) (w >>> 40) & regs], r[(int) (w >>> 48) & regs]); continue; }
                        case 16 -> { // addi
                            if (Semantics.addiOverflows(r[(int) (w >>> 48) & regs], (int) w)) { break run; } r[(int) (w >>> 32) & regs] = Semantics.addi(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 17 -> { // addiu
                            r[(int) (w >>> 32) & regs] = Semantics.addiu(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 18 -> { // slti
                            r[(int) (w >>> 32) & regs] = Semantics.slti(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 19 -> { // sltiu
                            r[(int) (w >>> 32) & regs] = Semantics.sltiu(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 20 -> { // andi
                            r[(int) (w >>> 32) & regs] = Semantics.andi(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 21 -> { // ori
                            r[(int) (w >>> 32) & regs] = Semantics.ori(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 22 -> { // xori
                            r[(int) (w >>> 32) & regs] = Semantics.xori(r[(int) (w >>> 48) & regs], (int) w); continue; }
                        case 23 -> { // lui
                            r[(int) (w >>> 32) & regs] = Semantics.lui((int) w); continue; }
                        case 24 -> { // mult
                            long hiLo = Semantics.mult(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                        case 25 -> { // multu
                            long hiLo = Semantics.multu(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                        case 26 -> { // div
                            long hiLo = Semantics.div(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                        case 27 -> { // divu
                            long hiLo = Semantics.divu(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo; continue; }
                        case 28 -> { // mfhi
                            r[(int) (w >>> 32) & regs] = r[Cpu.HI]; continue; }
                        case 29 -> { // mthi
                            r[Cpu.HI] = r[(int) (w >>> 48) & regs]; continue; }
                        case 30 -> { // mflo
                            r[(int) (w >>> 32) & regs] = r[Cpu.LO]; continue; }
                        case 31 -> { // mtlo
                            r[Cpu.LO] = r[(int) (w >>> 48) & regs]; continue; }
                        case 36 -> { // beq
                            boolean yes = Semantics.beq(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); slotAt = budget; if (yes) { nip = (int) w; } continue; }
                        case 164 -> { // beq to another page
                            taken = Semantics.beq(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); }
                        case 37 -> { // bne
                            boolean yes = Semantics.bne(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); slotAt = budget; if (yes) { nip = (int) w; } continue; }
                        case 165 -> { // bne to another page
                            taken = Semantics.bne(r[(int) (w >>> 48) & regs], r[(int) (w >>> 40) & regs]); }
                        case 38 -> { // blez
                            boolean yes = Semantics.blez(r[(int) (w >>> 48) & regs]); slotAt = budget; if (yes) { nip = (int) w; } continue; }
                        case 166 -> { // blez to another page
                            taken = Semantics.blez(r[(int) (w >>> 48) & regs]); }
                        case 39 -> { // bgtz
                            boolean yes = Semantics.bgtz(r[(int) (w >>> 48) & regs]); slotAt = budget; if (yes) { nip = (int) w; } continue; }
                        case 167 -> { // bgtz to another page
                            taken = Semantics.bgtz(r[(int) (w >>> 48) & regs]); }
                        case 40 -> { // bltz
                            boolean yes = Semantics.bltz(r[(int) (w >>> 48) & regs]); slotAt = budget; if (yes) { nip = (int) w; } continue; }
                        case 168 -> { // bltz to another page
                            taken = Semantics.bltz(r[(int) (w >>> 48) & regs]); }
                        case 41 -> { // bgez
                            boolean yes = Semantics.bgez(r[(int) (w >>> 48) & regs]); slotAt = budget; if (yes) { nip = (int) w; } continue; }
                        case 169 -> { // bgez to another page
                            taken = Semantics.bgez(r[(int) (w >>> 48) & regs]); }
                        case 42, 170 -> { // bltzal
                            taken = Semantics.bltzal(r[(int) (w >>> 48) & regs]); link = 31; }
                        case 43, 171 -> { // bgezal
                            taken = Semantics.bgezal(r[(int) (w >>> 48) & regs]); link = 31; }
                        case 46 -> { // lb
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lb(mem[pa] & 0xff); continue; }
                        case 47 -> { // lh
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lh((short) BIG16.get(mem, pa) & 0xffff); continue; }
                        case 175 -> { // lh, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lh((short) LITTLE16.get(mem, pa) & 0xffff); continue; }
                        case 48 -> { // lwl
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lwlBig(r[(int) (w >>> 40) & regs], (int) BIG32.get(mem, pa & ~3), va); continue; }
                        case 176 -> { // lwl, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lwlLittle(r[(int) (w >>> 40) & regs], (int) LITTLE32.get(mem, pa & ~3), va); continue; }
                        case 49 -> { // lw
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lw((int) BIG32.get(mem, pa)); continue; }
                        case 177 -> { // lw, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lw((int) LITTLE32.get(mem, pa)); continue; }
                        case 50 -> { // lbu
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lbu(mem[pa] & 0xff); continue; }
                        case 51 -> { // lhu
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lhu((short) BIG16.get(mem, pa) & 0xffff); continue; }
                        case 179 -> { // lhu, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lhu((short) LITTLE16.get(mem, pa) & 0xffff); continue; }
                        case 52 -> { // lwr
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lwrBig(r[(int) (w >>> 40) & regs], (int) BIG32.get(mem, pa & ~3), va); continue; }
                        case 180 -> { // lwr, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + rmap[va >>> 12]; if ((pa & outside) != 0) { break run; } r[(int) (w >>> 32) & regs] = Semantics.lwrLittle(r[(int) (w >>> 40) & regs], (int) LITTLE32.get(mem, pa & ~3), va); continue; }
                        case 53 -> { // sb
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } mem[pa] = (byte) r[(int) (w >>> 40) & regs]; continue; }
                        case 54 -> { // sh
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } BIG16.set(mem, pa, (short) r[(int) (w >>> 40) & regs]); continue; }
                        case 182 -> { // sh, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 1)) != 0) { break run; } LITTLE16.set(mem, pa, (short) r[(int) (w >>> 40) & regs]); continue; }
                        case 55 -> { // swl
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; BIG32.set(mem, at4, Semantics.swlBig(r[(int) (w >>> 40) & regs], (int) BIG32.get(mem, at4), va)); continue; }
                        case 183 -> { // swl, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; LITTLE32.set(mem, at4, Semantics.swlLittle(r[(int) (w >>> 40) & regs], (int) LITTLE32.get(mem, at4), va)); continue; }
                        case 56 -> { // sw
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } BIG32.set(mem, pa, r[(int) (w >>> 40) & regs]); continue; }
                        case 184 -> { // sw, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & (outside | 3)) != 0) { break run; } LITTLE32.set(mem, pa, r[(int) (w >>> 40) & regs]); continue; }
                        case 57 -> { // swr
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; BIG32.set(mem, at4, Semantics.swrBig(r[(int) (w >>> 40) & regs], (int) BIG32.get(mem, at4), va)); continue; }
                        case 185 -> { // swr, little-endian
                            int va = r[(int) (w >>> 48) & regs] + (int) w; int pa = va + wmap[va >>> 12]; if ((pa & outside) != 0) { break run; } int at4 = pa & ~3; LITTLE32.set(mem, at4, Semantics.swrLittle(r[(int) (w >>> 40) & regs], (int) LITTLE32.get(mem, at4), va)); continue; }
                        case 32, 33 -> { // j, jal
                            target = page + (at << 2) + 4 & 0xf0000000 | (int) w; link = (int) (w >>> 32) & regs; break jump; }
                        case 34, 35 -> { // jr, jalr
                            target = r[(int) (w >>> 48) & regs]; link = (int) (w >>> 32) & regs; break jump; }
                        case CodePages.OP_PAGE_END, CodePages.OP_CROSS -> {
                            budget++;
                            pc = address(page, at, cross);
                            npc = address(page, ip, cross);
                            continue enter; }
                        default -> { break run; }
                    }
                    if (!taken) {
                        r[link] = page + (at << 2) + 8;
                        slotAt = budget;
                        continue;
                    }
                    target = page + ((int) w << 2);
                }
                r[link] = page + (at << 2) + 8;
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
}
// spotless:on
