package kseg.engine.compile;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import kseg.memory.FramePool;

/**
 * The static final fields of a generated class, which its initialiser fills from {@link Linkage},
 * and its constructor.
 */
final class LinkageFields {
    private static final ClassDesc CD_REGION = RegionCode.describe(Region.class);
    private static final ClassDesc CD_LINKAGE = RegionCode.describe(Linkage.class);
    private static final ClassDesc CD_SLOT = CD_LINKAGE.nested("Slot");
    private static final ClassDesc CD_JUMPS = CD_LINKAGE.nested("Jumps");
    private static final ClassDesc CD_HANDLES = ClassDesc.of("java.lang.invoke.MethodHandles");
    private static final ClassDesc CD_LOOKUP = CD_HANDLES.nested("Lookup");
    private static final ClassDesc CD_POOL = RegionCode.describe(FramePool.class);
    private static final MethodTypeDesc OUTSIDE = MethodTypeDesc.ofDescriptor("([B)I");
    private static final ClassDesc CD_INTS = CD_int.arrayType();
    private static final ClassDesc CD_BYTES = ConstantDescs.CD_byte.arrayType();
    private static final int CONSTANT =
            ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;

    private LinkageFields() {}

    /** Declares fields, initialiser and constructor of a class with so many call slots. */
    static void declare(ClassBuilder type, int slots) {
        type.withField("MEMORY", CD_BYTES, CONSTANT)
                .withField("READ", CD_INTS, CONSTANT)
                .withField("WRITE", CD_INTS, CONSTANT)
                .withField("JUMPS", CD_JUMPS, CONSTANT)
                .withField("OUTSIDE", CD_int, CONSTANT)
                .withField("INSIDE", CD_int, CONSTANT);
        for (int i = 0; i < slots; i++) {
            type.withField("SLOT" + i, CD_SLOT, CONSTANT);
        }
        type.withMethodBody(
                ConstantDescs.CLASS_INIT_NAME,
                ConstantDescs.MTD_void,
                ClassFile.ACC_STATIC,
                code -> initialiser(code, slots));
        type.withMethodBody(
                ConstantDescs.INIT_NAME,
                ConstantDescs.MTD_void,
                0,
                code ->
                        code.aload(0)
                                .invokespecial(
                                        CD_REGION, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_());
    }

    private static void initialiser(CodeBuilder code, int slots) {
        code.invokestatic(CD_HANDLES, "lookup", MethodTypeDesc.of(CD_LOOKUP))
                .invokestatic(CD_LINKAGE, "of", MethodTypeDesc.of(CD_LINKAGE, CD_LOOKUP))
                .astore(0);
        copy(code, "memory", "MEMORY", CD_BYTES);
        copy(code, "read", "READ", CD_INTS);
        copy(code, "write", "WRITE", CD_INTS);
        copy(code, "jumps", "JUMPS", CD_JUMPS);
        component(code, "memory", CD_BYTES);
        code.invokestatic(CD_POOL, "outside", OUTSIDE);
        code.dup().putstatic(RegionCode.CD_THIS, "OUTSIDE", CD_int);
        code.iconst_m1().ixor().putstatic(RegionCode.CD_THIS, "INSIDE", CD_int);
        for (int i = 0; i < slots; i++) {
            component(code, "slots", CD_SLOT.arrayType());
            code.loadConstant(i).aaload().putstatic(RegionCode.CD_THIS, "SLOT" + i, CD_SLOT);
        }
        code.return_();
    }

    private static void copy(CodeBuilder code, String component, String field, ClassDesc type) {
        component(code, component, type);
        code.putstatic(RegionCode.CD_THIS, field, type);
    }

    private static void component(CodeBuilder code, String name, ClassDesc type) {
        code.aload(0).invokevirtual(CD_LINKAGE, name, MethodTypeDesc.of(type));
    }
}
