package kseg.engine.interpret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kseg.engine.CodePages;
import kseg.isa.Insn;
import kseg.isa.Trait;

/**
 * Writes {@code FastLoop.java} from the instruction table: one case for each fast instruction. Run
 * {@code main} after changing {@link Insn}; {@code FastLoopTest} fails while the file is stale.
 */
final class FastLoopGenerator {
    static final Path FILE = Path.of("src/main/java/kseg/engine/interpret/FastLoop.java");

    private FastLoopGenerator() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(args.length == 0 ? FILE : Path.of(args[0]), source());
    }

    static String source() {
        var cases = new StringBuilder();
        for (Insn insn : Insn.values()) {
            switch (insn.shape()) {
                case R3 -> alu(cases, insn, "r[b(w)]");
                case SHIFT -> line(cases, insn, "r[d(w)] = Semantics.%s(r[b(w)], (int) w);");
                case SHIFTV -> line(cases, insn, "r[d(w)] = Semantics.%s(r[b(w)], r[a(w)]);");
                case IMM_SIGNED, IMM_ZERO -> alu(cases, insn, "(int) w");
                case LUI -> line(cases, insn, "r[d(w)] = Semantics.%s((int) w);");
                case MUL_DIV ->
                        line(
                                cases,
                                insn,
                                "long hiLo = Semantics.%s(r[a(w)], r[b(w)]);"
                                        + " r[Cpu.HI] = (int) (hiLo >>> 32); r[Cpu.LO] = (int) hiLo;");
                case FROM_HILO ->
                        raw(cases, insn.ordinal(), insn, "r[d(w)] = r[" + hiLo(insn) + "];");
                case TO_HILO ->
                        raw(cases, insn.ordinal(), insn, "r[" + hiLo(insn) + "] = r[a(w)];");
                case BRANCH1 -> branch(cases, insn, "r[a(w)]");
                case BRANCH2 -> branch(cases, insn, "r[a(w)], r[b(w)]");
                case LOAD -> load(cases, insn);
                case LOAD_MERGE -> loadMerge(cases, insn);
                case STORE -> store(cases, insn);
                case STORE_MERGE -> storeMerge(cases, insn);
                default -> {}
            }
        }
        jump(cases, Insn.J, Insn.JAL, "page + (at << 2) + 4 & 0xf0000000 | (int) w");
        jump(cases, Insn.JR, Insn.JALR, "r[a(w)]");
        return TEMPLATE.replace("@CASES@", cases.toString())
                .replace("a(w)", "(int) (w >>> 48) & regs")
                .replace("b(w)", "(int) (w >>> 40) & regs")
                .replace("d(w)", "(int) (w >>> 32) & regs");
    }

    private static void alu(StringBuilder out, Insn insn, String right) {
        String check =
                insn.has(Trait.MAY_OVERFLOW)
                        ? "if (Semantics.%sOverflows(r[a(w)], %s)) { break run; } "
                                .formatted(insn.mnemonic(), right)
                        : "";
        raw(
                out,
                insn.ordinal(),
                insn,
                check + "r[d(w)] = Semantics.%s(r[a(w)], %s);".formatted(insn.mnemonic(), right));
    }

    private static void line(StringBuilder out, Insn insn, String body) {
        raw(out, insn.ordinal(), insn, body.formatted(insn.mnemonic()));
    }

    private static void branch(StringBuilder out, Insn insn, String operands) {
        String test = "Semantics.%s(%s)".formatted(insn.mnemonic(), operands);
        int op = insn.ordinal();
        int leaving = op | CodePages.VARIANT;
        if (insn.has(Trait.LINK)) {
            label(out, "%d, %d -> { // %s".formatted(op, leaving, insn.mnemonic()));
            body(out, "taken = %s; link = 31; }".formatted(test));
            return;
        }
        raw(
                out,
                op,
                insn,
                "boolean yes = %s; slotAt = budget; if (yes) { nip = (int) w; }".formatted(test));
        label(out, "%d -> { // %s to another page".formatted(leaving, insn.mnemonic()));
        body(out, "taken = %s; }".formatted(test));
    }

    /** A jump and its form that links (to the sink, or $0, where it does not). */
    private static void jump(StringBuilder out, Insn plain, Insn linking, String target) {
        label(
                out,
                "%d, %d -> { // %s, %s"
                        .formatted(
                                plain.ordinal(),
                                linking.ordinal(),
                                plain.mnemonic(),
                                linking.mnemonic()));
        body(out, "target = %s; link = d(w); break jump; }".formatted(target));
    }

    private static void label(StringBuilder out, String label) {
        out.append("                        case %s%n".formatted(label));
    }

    private static void body(StringBuilder out, String body) {
        out.append("                            %s%n".formatted(body));
    }

    private static void load(StringBuilder out, Insn insn) {
        if (insn.has(Trait.BYTE)) {
            access(out, insn, 0, "rmap", 0, "r[d(w)] = Semantics.%s(mem[pa] & 0xff);");
        } else if (insn.has(Trait.HALF)) {
            access(
                    out,
                    insn,
                    0,
                    "rmap",
                    1,
                    "r[d(w)] = Semantics.%s((short) BIG16.get(mem, pa) & 0xffff);");
            access(
                    out,
                    insn,
                    CodePages.VARIANT,
                    "rmap",
                    1,
                    "r[d(w)] = Semantics.%s((short) LITTLE16.get(mem, pa) & 0xffff);");
        } else {
            access(out, insn, 0, "rmap", 3, "r[d(w)] = Semantics.%s((int) BIG32.get(mem, pa));");
            access(
                    out,
                    insn,
                    CodePages.VARIANT,
                    "rmap",
                    3,
                    "r[d(w)] = Semantics.%s((int) LITTLE32.get(mem, pa));");
        }
    }

    private static void loadMerge(StringBuilder out, Insn insn) {
        access(
                out,
                insn,
                0,
                "rmap",
                0,
                "r[d(w)] = Semantics.%sBig(r[b(w)], (int) BIG32.get(mem, pa & ~3), va);");
        access(
                out,
                insn,
                CodePages.VARIANT,
                "rmap",
                0,
                "r[d(w)] = Semantics.%sLittle(r[b(w)], (int) LITTLE32.get(mem, pa & ~3), va);");
    }

    private static void store(StringBuilder out, Insn insn) {
        if (insn.has(Trait.BYTE)) {
            access(out, insn, 0, "wmap", 0, "mem[pa] = (byte) r[b(w)];");
        } else if (insn.has(Trait.HALF)) {
            access(out, insn, 0, "wmap", 1, "BIG16.set(mem, pa, (short) r[b(w)]);");
            access(
                    out,
                    insn,
                    CodePages.VARIANT,
                    "wmap",
                    1,
                    "LITTLE16.set(mem, pa, (short) r[b(w)]);");
        } else {
            access(out, insn, 0, "wmap", 3, "BIG32.set(mem, pa, r[b(w)]);");
            access(out, insn, CodePages.VARIANT, "wmap", 3, "LITTLE32.set(mem, pa, r[b(w)]);");
        }
    }

    private static void storeMerge(StringBuilder out, Insn insn) {
        access(
                out,
                insn,
                0,
                "wmap",
                0,
                "int at4 = pa & ~3; BIG32.set(mem, at4,"
                        + " Semantics.%sBig(r[b(w)], (int) BIG32.get(mem, at4), va));");
        access(
                out,
                insn,
                CodePages.VARIANT,
                "wmap",
                0,
                "int at4 = pa & ~3; LITTLE32.set(mem, at4,"
                        + " Semantics.%sLittle(r[b(w)], (int) LITTLE32.get(mem, at4), va));");
    }

    private static void access(
            StringBuilder out, Insn insn, int variant, String map, int alignment, String body) {
        String outside = alignment == 0 ? "outside" : "(outside | %d)".formatted(alignment);
        raw(
                out,
                insn.ordinal() | variant,
                insn,
                "int va = r[a(w)] + (int) w; int pa = va + %s[va >>> 12];".formatted(map)
                        + " if ((pa & %s) != 0) { break run; } ".formatted(outside)
                        + body.formatted(insn.mnemonic()));
    }

    private static void raw(StringBuilder out, int op, Insn insn, String body) {
        String form = (op & CodePages.VARIANT) == 0 ? "" : ", little-endian";
        label(out, "%d -> { // %s%s".formatted(op, insn.mnemonic(), form));
        body(out, body + " continue; }");
    }

    private static String hiLo(Insn insn) {
        return insn == Insn.MFHI || insn == Insn.MTHI ? "Cpu.HI" : "Cpu.LO";
    }

    private static final String TEMPLATE =
            """
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
            @CASES@                        case CodePages.OP_PAGE_END, CodePages.OP_CROSS -> {
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
            """;
}
