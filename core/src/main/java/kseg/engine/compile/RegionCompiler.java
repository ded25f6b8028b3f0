package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kseg.cpu.Cpu;
import kseg.engine.Translation;
import kseg.engine.compile.RegionGraph.Block;
import kseg.engine.compile.RegionGraph.End;
import kseg.isa.Fields;
import kseg.isa.Insn;
import kseg.isa.Semantics;
import kseg.isa.Shape;
import kseg.isa.Trait;
import org.jspecify.annotations.Nullable;

/**
 * Translates a region's graph to a class file: guest registers become local variables, branches
 * become gotos. What an instruction computes is a call of its {@link Semantics} method, which
 * HotSpot inlines; this class knows only where operands come from and results go.
 *
 * <p>A slow condition jumps to a side exit behind the code, which never comes back, so HotSpot sees
 * a plain graph without merges. A branch's delay slot is translated twice, once for each way.
 */
final class RegionCompiler {
    /** HotSpot never compiles a method with more bytecode. */
    static final int MAX_BYTECODE = 8000;

    static {
        // JDK 25.0.3 initialises java.lang.constant wrongly unless this is touched first
        // (DESIGN.md 8); RegionCompilerTest has a JVM that touches nothing before.
        Objects.requireNonNull(ConstantDescs.CD_int);
    }

    private static final Insn[] INSNS = Insn.values();

    private static final ClassDesc CD_SEMANTICS = describe(Semantics.class);
    private static final ClassDesc CD_CPU = describe(Cpu.class);
    private static final ClassDesc CD_REGION = describe(Region.class);
    private static final ClassDesc CD_BYTES = describe(GuestBytes.class);
    private static final ClassDesc CD_LINKAGE = describe(Linkage.class);
    private static final ClassDesc CD_SLOT = CD_LINKAGE.nested(Linkage.Slot.class.getSimpleName());
    private static final ClassDesc CD_JUMPS =
            CD_LINKAGE.nested(Linkage.Jumps.class.getSimpleName());
    static final ClassDesc CD_THIS =
            ClassDesc.of(RegionCompiler.class.getPackageName(), "CompiledRegion");
    private static final ClassDesc CD_INTS = CD_int.arrayType();
    private static final ClassDesc CD_MEMORY = ConstantDescs.CD_byte.arrayType();

    private static final MethodTypeDesc RUN = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)I");
    private static final MethodTypeDesc LEAVE = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;II)I");
    private static final MethodTypeDesc FIND = MethodTypeDesc.of(CD_REGION, CD_int);
    private static final MethodTypeDesc STRADDLED =
            MethodTypeDesc.of(ConstantDescs.CD_void, CD_REGION, CD_int);
    private static final MethodTypeDesc LOCAL = MethodTypeDesc.ofDescriptor("(Lkseg/cpu/Cpu;III)Z");
    private static final MethodTypeDesc GET = MethodTypeDesc.ofDescriptor("([BI)I");
    private static final MethodTypeDesc PUT = MethodTypeDesc.ofDescriptor("([BII)V");
    private static final MethodTypeDesc OVERFLOWS = MethodTypeDesc.ofDescriptor("(II)Z");
    private static final MethodTypeDesc MERGE = MethodTypeDesc.ofDescriptor("(III)I");

    /** Local variables of the generated method; the first are its parameters. */
    private static final int L_CPU = 1;

    private static final int L_PC = 2;
    private static final int L_BUDGET = 3;
    private static final int L_DEPTH = 4;
    private static final int L_REGISTERS = 5;
    private static final int L_NPC = 6;
    private static final int L_IN_SLOT = 7;
    private static final int L_VADDR = 8;
    private static final int L_POOL_ADDRESS = 9;
    private static final int L_HI_LO = 10;
    private static final int L_GUEST = 12;
    private static final int L_SHARED = L_GUEST + Cpu.LO + 1;

    private static final int RA = 31;

    /** A side exit before an instruction; {@code npc} null: the local variable has it. */
    private record SideExit(
            Label label,
            int pc,
            boolean inSlot,
            @Nullable Integer npc,
            int executed,
            @Nullable Integer straddlingBlock) {}

    private final CodeBuilder code;
    private final RegionGraph graph;
    private final List<Integer> pages;
    private final List<Integer> calls;
    private final RegisterUse use;
    private final List<SideExit> exits = new ArrayList<>();
    private final Map<Block, Label> labels = new LinkedHashMap<>();

    private final Label exitStopped;
    private final Label exitAtPc;
    private final Label exitInSlot;
    private final Label exit;
    private final Label unwind;
    private final Label refuse;

    /** The instruction being translated: its block, its index there, and if it is a delay slot. */
    private Block block;

    private int index;
    private boolean inSlot;

    /** In a delay slot the address after it; null: the local variable has it. */
    private @Nullable Integer slotNpc;

    private SharedTranslations shared;

    private RegionCompiler(
            CodeBuilder code, RegionGraph graph, List<Integer> pages, List<Integer> calls) {
        this.code = code;
        this.graph = graph;
        this.pages = pages;
        this.calls = calls;
        use = RegisterUse.of(graph);
        exitStopped = code.newLabel();
        exitAtPc = code.newLabel();
        exitInSlot = code.newLabel();
        exit = code.newLabel();
        unwind = code.newLabel();
        refuse = code.newLabel();
        block = graph.entries().getFirst();
        shared = SharedTranslations.of(block);
    }

    /** Translates a graph that lies on these pages. */
    static Translation translate(RegionGraph graph, List<Integer> pages) {
        List<Integer> calls = callTargets(graph);
        byte[] bytes =
                ClassFile.of()
                        .build(
                                CD_THIS,
                                type -> {
                                    type.withFlags(ClassFile.ACC_FINAL).withSuperclass(CD_REGION);
                                    LinkageFields.declare(type, calls.size());
                                    type.withMethodBody(
                                            "run",
                                            RUN,
                                            0,
                                            code ->
                                                    new RegionCompiler(code, graph, pages, calls)
                                                            .region());
                                });
        return new Translation(bytes, calls, bytecodes(bytes));
    }

    private static List<Integer> callTargets(RegionGraph graph) {
        return graph.blocks().stream()
                .filter(block -> block.end == End.CALL && block.callsOut())
                .map(block -> block.target)
                .distinct()
                .toList();
    }

    private static int bytecodes(byte[] classFile) {
        return ClassFile.of().parse(classFile).methods().stream()
                .filter(method -> method.methodName().equalsString("run"))
                .flatMap(method -> method.findAttribute(Attributes.code()).stream())
                .mapToInt(CodeAttribute::codeLength)
                .sum();
    }

    // The method's frame

    private void region() {
        code.aload(L_CPU).getfield(CD_CPU, "gpr", CD_INTS).astore(L_REGISTERS);
        checkPages();
        loadRegisters();
        dispatch();
        for (Block next : graph.blocks()) {
            block = next;
            translateBlock();
        }
        for (SideExit sideExit : exits) {
            sideExit(sideExit);
        }
        commonExits();
    }

    /** The region's pages must lie in the frames its instance names. */
    private void checkPages() {
        for (int i = 0; i < pages.size(); i++) {
            linked("READ", CD_INTS);
            code.loadConstant(pages.get(i) >>> 12).iaload();
            code.aload(0).getfield(CD_REGION, "entry" + i, CD_int).if_icmpne(refuse);
        }
    }

    private void dispatch() {
        List<Block> entries = graph.entries();
        if (entries.size() == 1) {
            code.goto_(label(entries.getFirst()));
            return;
        }
        var cases = new ArrayList<SwitchCase>();
        for (Block entry : entries) {
            cases.add(SwitchCase.of(entry.pc, label(entry)));
        }
        code.iload(L_PC).lookupswitch(refuse, cases);
    }

    private void commonExits() {
        code.labelBinding(exitInSlot).iconst_1().istore(L_IN_SLOT);
        complementBudget();
        code.goto_(exit);
        code.labelBinding(exitStopped);
        complementBudget();
        code.labelBinding(exitAtPc).iload(L_PC).iconst_4().iadd().istore(L_NPC);
        code.iconst_0().istore(L_IN_SLOT);
        code.labelBinding(exit);
        storeRegisters();
        code.aload(L_CPU).iload(L_PC).putfield(CD_CPU, "pc", CD_int);
        code.aload(L_CPU).iload(L_NPC).putfield(CD_CPU, "npc", CD_int);
        code.aload(L_CPU).iload(L_IN_SLOT).putfield(CD_CPU, "inSlot", ConstantDescs.CD_boolean);
        code.labelBinding(unwind).iload(L_BUDGET).ireturn();
        code.labelBinding(refuse);
        complementBudget();
        code.aload(L_CPU).iload(L_PC).iload(L_BUDGET);
        code.invokestatic(CD_REGION, "leave", LEAVE).ireturn();
    }

    private void complementBudget() {
        code.iload(L_BUDGET).iconst_m1().ixor().istore(L_BUDGET);
    }

    private void sideExit(SideExit sideExit) {
        code.labelBinding(sideExit.label);
        if (sideExit.straddlingBlock != null) {
            linked("JUMPS", CD_JUMPS);
            code.aload(0).loadConstant(sideExit.straddlingBlock);
            code.invokevirtual(CD_JUMPS, "straddled", STRADDLED);
        }
        code.loadConstant(sideExit.pc).istore(L_PC);
        spend(sideExit.executed);
        if (!sideExit.inSlot) {
            code.goto_(exitStopped);
            return;
        }
        if (sideExit.npc != null) {
            code.loadConstant(sideExit.npc).istore(L_NPC);
        }
        code.goto_(exitInSlot);
    }

    private Label exitHere() {
        return exitHere(null);
    }

    private Label exitStraddling() {
        return exitHere(block.pc);
    }

    private Label exitHere(@Nullable Integer straddlingBlock) {
        var sideExit =
                new SideExit(
                        code.newLabel(),
                        block.pc + 4 * index,
                        inSlot,
                        slotNpc,
                        block.before + index,
                        straddlingBlock);
        exits.add(sideExit);
        return sideExit.label;
    }

    private void loadRegisters() {
        for (int register : use.used()) {
            code.aload(L_REGISTERS).loadConstant(register).iaload().istore(L_GUEST + register);
        }
    }

    private void storeRegisters() {
        for (int register : use.modified()) {
            code.aload(L_REGISTERS).loadConstant(register).iload(L_GUEST + register).iastore();
        }
    }

    private void spend(int steps) {
        if (steps != 0) {
            code.iinc(L_BUDGET, -steps);
        }
    }

    private Label label(Block target) {
        return labels.computeIfAbsent(target, b -> code.newLabel());
    }

    // Blocks

    private void translateBlock() {
        code.labelBinding(label(block));
        shared = SharedTranslations.of(block);
        index = 0;
        inSlot = false;
        slotNpc = null;
        if (block.root == block) {
            code.iload(L_BUDGET).loadConstant(block.longest).if_icmplt(exitHere());
        }
        int body = block.length() - (endsInBranch() ? 2 : 0);
        while (index < body) {
            instruction(block.insns[index]);
            index++;
        }
        switch (block.end) {
            case FALL -> leaveFor(block.next, block.nextPc());
            case ODD -> code.goto_(exitHere());
            case BRANCH -> branch();
            case JUMP -> {
                slot(block.target);
                leaveFor(block.taken, block.target);
            }
            case CALL -> call();
            case INDIRECT -> indirect();
        }
    }

    private boolean endsInBranch() {
        return block.end != End.FALL && block.end != End.ODD;
    }

    /** Goes to a block, or out of the region if there is none. */
    private void leaveFor(@Nullable Block target, int pc) {
        if (target != null && target.root == block.root && target.root != target) {
            code.goto_(label(target));
            return;
        }
        spend(block.before + block.length());
        if (target != null) {
            code.goto_(label(target));
        } else {
            code.loadConstant(pc).istore(L_PC).goto_(exitAtPc);
        }
    }

    /** Translates the delay slot for one way of its branch; {@code npc} null: in the local. */
    private void slot(@Nullable Integer npc) {
        index = block.length() - 1;
        inSlot = true;
        slotNpc = npc;
        if (slotIsExecutable()) {
            instruction(block.insns[index]);
        } else {
            code.goto_(exitHere());
        }
        inSlot = false;
        slotNpc = null;
    }

    private boolean slotIsExecutable() {
        long w = block.insns[block.length() - 1];
        return Scout.isOrdinary(w) || Scout.isLocal(w) && graph.stable();
    }

    private void branch() {
        long w = block.insns[index];
        Insn insn = INSNS[Decoded.op(w)];
        pushRegister(Decoded.a(w));
        if (insn.shape() == Shape.BRANCH2) {
            pushRegister(Decoded.b(w));
        }
        semantics(insn);
        Label taken = code.newLabel();
        if (insn.has(Trait.LINK)) {
            set(RA, () -> code.loadConstant(block.nextPc()));
        }
        code.ifne(taken);
        slot(block.nextPc());
        if (slotIsExecutable()) {
            leaveFor(block.next, block.nextPc());
        }
        code.labelBinding(taken);
        slot(block.target);
        if (slotIsExecutable()) {
            leaveFor(block.taken, block.target);
        }
    }

    private void call() {
        set(RA, () -> code.loadConstant(block.nextPc()));
        slot(block.target);
        if (!slotIsExecutable()) {
            return;
        }
        if (block.taken != null) {
            leaveFor(block.taken, block.target);
            return;
        }
        spend(block.before + block.length());
        callRegion(
                () -> {
                    linked("SLOT" + calls.indexOf(block.target), CD_SLOT);
                    code.getfield(CD_SLOT, "region", CD_REGION);
                },
                () -> code.loadConstant(block.target));
    }

    /** Has another region execute until it comes back to behind the call, or cannot. */
    private void callRegion(Runnable pushRegion, Runnable pushTarget) {
        if (!graph.stable()) {
            pushTarget.run();
            code.istore(L_PC).goto_(exitAtPc);
            return;
        }
        Label leave = code.newLabel();
        code.iload(L_DEPTH).ifle(leave);
        storeRegisters();
        pushRegion.run();
        code.aload(L_CPU);
        pushTarget.run();
        code.iload(L_BUDGET).iload(L_DEPTH).iconst_1().isub();
        code.invokevirtual(CD_REGION, "run", RUN).dup().istore(L_BUDGET);
        code.iflt(unwind);
        code.aload(L_CPU).getfield(CD_CPU, "pc", CD_int).loadConstant(block.nextPc());
        code.if_icmpne(unwind);
        if (block.next == null) {
            code.goto_(unwind);
        } else {
            loadRegisters();
            code.goto_(label(block.next));
        }
        code.labelBinding(leave);
        pushTarget.run();
        code.istore(L_PC).goto_(exitAtPc);
    }

    private void indirect() {
        long w = block.insns[index];
        Insn insn = INSNS[Decoded.op(w)];
        pushRegister(Decoded.a(w));
        code.istore(L_NPC);
        if (insn.has(Trait.LINK)) {
            set(Decoded.d(w), () -> code.loadConstant(block.nextPc()));
        }
        slot(null);
        if (!slotIsExecutable()) {
            return;
        }
        int path = block.before + block.length();
        if (insn.has(Trait.LINK)) {
            spend(path);
            callRegion(
                    () -> {
                        linked("JUMPS", CD_JUMPS);
                        code.iload(L_NPC).invokevirtual(CD_JUMPS, "find", FIND);
                    },
                    () -> code.iload(L_NPC));
            return;
        }
        if (block.cases.size() == 1) {
            Block only = block.cases.getFirst();
            Label other = code.newLabel();
            code.iload(L_NPC).loadConstant(only.pc).if_icmpne(other);
            leaveFor(only, only.pc);
            code.labelBinding(other);
            spend(path);
        } else {
            spend(path);
            selectCase();
        }
        if (Decoded.a(w) != RA) {
            linked("JUMPS", CD_JUMPS);
            code.loadConstant(block.nextPc() - 8).putfield(CD_JUMPS, "from", CD_int);
            linked("JUMPS", CD_JUMPS);
            code.aload(0).putfield(CD_JUMPS, "region", CD_REGION);
        }
        code.iload(L_NPC).istore(L_PC).goto_(exitAtPc);
    }

    /** Jumps to the block the local variable names; several are roots of budget trees. */
    private void selectCase() {
        if (!block.cases.isEmpty()) {
            var cases = new ArrayList<SwitchCase>();
            Label other = code.newLabel();
            for (Block target : block.cases) {
                cases.add(SwitchCase.of(target.pc, label(target)));
            }
            code.iload(L_NPC).lookupswitch(other, cases).labelBinding(other);
        }
    }

    // Ordinary instructions

    private void instruction(long w) {
        if (Scout.isLocal(w)) {
            local(w);
            return;
        }
        Insn insn = INSNS[Decoded.op(w)];
        switch (insn.shape()) {
            case R3 -> alu(insn, w, () -> pushRegister(Decoded.b(w)));
            case IMM_SIGNED, IMM_ZERO -> alu(insn, w, () -> pushImmediate(w));
            case SHIFT -> compute(insn, w, Decoded.b(w), () -> pushImmediate(w));
            case SHIFTV -> compute(insn, w, Decoded.b(w), () -> pushRegister(Decoded.a(w)));
            case LUI ->
                    set(
                            Decoded.d(w),
                            () -> {
                                pushImmediate(w);
                                semantics(insn);
                            });
            case MUL_DIV -> multiply(insn, w);
            case FROM_HILO -> set(Decoded.d(w), () -> pushRegister(RegisterUse.hiLo(insn)));
            case TO_HILO -> set(RegisterUse.hiLo(insn), () -> pushRegister(Decoded.a(w)));
            case LOAD, LOAD_MERGE -> load(insn, w);
            case STORE, STORE_MERGE -> store(insn, w);
            default -> throw new IllegalArgumentException(insn + " is not ordinary");
        }
    }

    /** Has PreciseStep execute an instruction that needs its operands in the CPU's registers. */
    private void local(long w) {
        int word = Decoded.immediate(w);
        for (int register : new int[] {Fields.rs(word), Fields.rt(word)}) {
            if (register != 0) {
                code.aload(L_REGISTERS).loadConstant(register);
                pushRegister(register);
                code.iastore();
            }
        }
        linked("JUMPS", CD_JUMPS);
        code.aload(L_CPU).loadConstant(word).iload(L_BUDGET).loadConstant(block.before + index);
        code.invokevirtual(CD_JUMPS, "local", LOCAL).ifeq(exitHere());
        if (Fields.rt(word) != 0) {
            code.aload(L_REGISTERS).loadConstant(Fields.rt(word)).iaload();
            code.istore(L_GUEST + Fields.rt(word));
        }
    }

    private void alu(Insn insn, long w, Runnable pushRight) {
        if (insn.has(Trait.MAY_OVERFLOW)) {
            pushRegister(Decoded.a(w));
            pushRight.run();
            code.invokestatic(CD_SEMANTICS, insn.mnemonic() + "Overflows", OVERFLOWS);
            code.ifne(exitHere());
        }
        compute(insn, w, Decoded.a(w), pushRight);
    }

    private void compute(Insn insn, long w, int left, Runnable pushRight) {
        set(
                Decoded.d(w),
                () -> {
                    pushRegister(left);
                    pushRight.run();
                    semantics(insn);
                });
    }

    private void multiply(Insn insn, long w) {
        pushRegister(Decoded.a(w));
        pushRegister(Decoded.b(w));
        semantics(insn);
        code.lstore(L_HI_LO);
        set(Cpu.HI, () -> code.lload(L_HI_LO).loadConstant(32).lushr().l2i());
        set(Cpu.LO, () -> code.lload(L_HI_LO).l2i());
    }

    private void load(Insn insn, long w) {
        String order = Decoded.variant(w) ? "Little" : "Big";
        address(insn, w, "READ");
        boolean merges = insn.shape().dependsOnByteOrder();
        set(
                Decoded.d(w),
                () -> {
                    if (merges) {
                        pushRegister(Decoded.b(w));
                        pushAlignedWord(order);
                        code.iload(L_VADDR);
                        code.invokestatic(CD_SEMANTICS, insn.mnemonic() + order, MERGE);
                    } else {
                        linked("MEMORY", CD_MEMORY);
                        pushPoolAddress();
                        code.invokestatic(CD_BYTES, unit(insn, order), GET);
                        semantics(insn);
                    }
                });
    }

    private void store(Insn insn, long w) {
        String order = Decoded.variant(w) ? "Little" : "Big";
        address(insn, w, "WRITE");
        linked("MEMORY", CD_MEMORY);
        if (insn.shape().dependsOnByteOrder()) {
            pushAlignedAddress();
            pushRegister(Decoded.b(w));
            pushAlignedWord(order);
            code.iload(L_VADDR);
            code.invokestatic(CD_SEMANTICS, insn.mnemonic() + order, MERGE);
            code.invokestatic(CD_BYTES, "putWord" + order, PUT);
        } else {
            pushPoolAddress();
            pushRegister(Decoded.b(w));
            String unit = unit(insn, order);
            String put = "put" + Character.toUpperCase(unit.charAt(0)) + unit.substring(1);
            code.invokestatic(CD_BYTES, put, PUT);
        }
    }

    /** Computes virtual and pool address; leaves if the page is absent or the alignment wrong. */
    private void address(Insn insn, long w, String map) {
        SharedTranslations.Group group = shared.of(index);
        if (group == null) {
            translate(Decoded.a(w), Decoded.immediate(w), alignment(insn), map, L_POOL_ADDRESS);
            return;
        }
        int local = L_SHARED + group.number();
        if (group.first() == index) {
            translate(
                    Decoded.a(w),
                    group.offset(),
                    group.alignment(),
                    group.stores() ? "WRITE" : "READ",
                    local);
            code.iload(L_VADDR).loadConstant(0xfff).iand();
            code.loadConstant(0x1000 - group.span()).if_icmpgt(exitStraddling());
        }
        code.iload(local).loadConstant(Decoded.immediate(w) - group.offset()).iadd();
        code.istore(L_POOL_ADDRESS);
    }

    private void translate(int base, int offset, int alignment, String map, int local) {
        pushRegister(base);
        code.loadConstant(offset).iadd().istore(L_VADDR);
        linked(map, CD_INTS);
        code.iload(L_VADDR).loadConstant(12).iushr().iaload();
        code.iload(L_VADDR).iadd().dup().istore(local);
        linked("OUTSIDE", CD_int);
        if (alignment != 0) {
            code.loadConstant(alignment).ior();
        }
        code.iand().ifne(exitHere());
    }

    static int alignment(Insn insn) {
        if (insn.has(Trait.BYTE) || insn.shape().dependsOnByteOrder()) {
            return 0;
        }
        return insn.has(Trait.HALF) ? 1 : 3;
    }

    private static String unit(Insn insn, String order) {
        if (insn.has(Trait.BYTE)) {
            return "byteAt";
        }
        return (insn.has(Trait.HALF) ? "half" : "word") + order;
    }

    /** The address in the pool, masked once more so that HotSpot sees it is in range. */
    private void pushPoolAddress() {
        code.iload(L_POOL_ADDRESS);
        linked("INSIDE", CD_int);
        code.iand();
    }

    private void pushAlignedAddress() {
        pushPoolAddress();
        code.loadConstant(~3).iand();
    }

    private void pushAlignedWord(String order) {
        linked("MEMORY", CD_MEMORY);
        pushAlignedAddress();
        code.invokestatic(CD_BYTES, "word" + order, GET);
    }

    // Operands

    private void linked(String field, ClassDesc type) {
        code.getstatic(CD_THIS, field, type);
    }

    private void pushRegister(int register) {
        if (register == 0) {
            code.iconst_0();
        } else {
            code.iload(L_GUEST + register);
        }
    }

    private void pushImmediate(long w) {
        code.loadConstant(Decoded.immediate(w));
    }

    private void set(int register, Runnable pushValue) {
        if (register != Cpu.SINK) {
            pushValue.run();
            code.istore(L_GUEST + register);
        }
    }

    private void semantics(Insn insn) {
        code.invokestatic(
                CD_SEMANTICS,
                insn.mnemonic(),
                MethodTypeDesc.ofDescriptor(insn.shape().descriptor()));
    }

    static ClassDesc describe(Class<?> type) {
        return ClassDesc.of(type.getName());
    }
}
