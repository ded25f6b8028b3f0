package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kseg.isa.Semantics;
import org.junit.jupiter.api.Test;

class MethodBodiesTest {
    private static final ClassDesc CD_THIS =
            ClassDesc.of(MethodBodiesTest.class.getPackageName(), "Copies");
    private static final List<Integer> EDGES =
            List.of(0, 1, 2, 3, 4, 31, 32, -1, -2, 255, 65535, -32768, 1 << 31, ~(1 << 31));

    private static List<Method> methods(Class<?> owner) {
        return Arrays.stream(owner.getDeclaredMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> Stream.of(method.getParameterTypes()).allMatch(int.class::equals))
                .toList();
    }

    private static boolean isCondition(Method method) {
        return method.getReturnType() == boolean.class || method.getName().startsWith("slt");
    }

    /** A class of a method for each of another's, with the copy or with a jump by it. */
    private static Class<?> copies(Class<?> owner, boolean jumps) throws IllegalAccessException {
        var bodies = new MethodBodies(owner);
        byte[] bytes =
                ClassFile.of()
                        .build(
                                CD_THIS,
                                type -> {
                                    for (Method method : methods(owner)) {
                                        if (!jumps || isCondition(method)) {
                                            add(type, bodies, method, jumps);
                                        }
                                    }
                                });
        return MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
    }

    private static void add(ClassBuilder type, MethodBodies bodies, Method method, boolean jumps) {
        int count = method.getParameterCount();
        ClassDesc result = ClassDesc.ofDescriptor(method.getReturnType().descriptorString());
        type.withMethodBody(
                method.getName(),
                MethodTypeDesc.of(result, Collections.nCopies(count, ConstantDescs.CD_int)),
                ClassFile.ACC_STATIC,
                code -> {
                    Runnable[] arguments =
                            IntStream.range(0, count)
                                    .mapToObj(i -> (Runnable) () -> code.iload(i))
                                    .toArray(Runnable[]::new);
                    if (jumps) {
                        jump(code, bodies, method.getName(), arguments);
                    } else {
                        bodies.write(code, method.getName(), count, arguments);
                    }
                    code.return_(TypeKind.from(result));
                });
    }

    private static void jump(
            CodeBuilder code, MethodBodies bodies, String name, Runnable[] arguments) {
        Label isTrue = code.newLabel();
        Label end = code.newLabel();
        bodies.jump(code, name, arguments.length, isTrue, arguments);
        code.iconst_0().goto_(end).labelBinding(isTrue).iconst_1().labelBinding(end);
    }

    private static void compare(Method method, Class<?> copies)
            throws ReflectiveOperationException {
        Method copy = copies.getDeclaredMethod(method.getName(), method.getParameterTypes());
        method.setAccessible(true);
        copy.setAccessible(true);
        var random = new Random(method.getName().hashCode());
        for (int i = 0; i < 300; i++) {
            Object[] operands =
                    IntStream.range(0, method.getParameterCount())
                            .mapToObj(n ->
                                    random.nextBoolean()
                                            ? random.nextInt()
                                            : EDGES.get(random.nextInt(EDGES.size())))
                            .toArray();
            assertThat(copy.invoke(null, operands))
                    .as("%s of %s", method.getName(), Arrays.toString(operands))
                    .isEqualTo(method.invoke(null, operands));
        }
    }

    @Test
    void copiesOfAllInstructionsComputeWhatTheMethodsDo() throws ReflectiveOperationException {
        Class<?> copies = copies(Semantics.class, false);
        List<Method> methods = methods(Semantics.class);
        assertThat(methods).hasSizeGreaterThan(40);
        for (Method method : methods) {
            compare(method, copies);
        }
    }

    @Test
    void conditionsJumpWhereTheMethodsReturnTrueOrOne() throws ReflectiveOperationException {
        Class<?> jumps = copies(Semantics.class, true);
        List<Method> conditions =
                methods(Semantics.class).stream().filter(MethodBodiesTest::isCondition).toList();
        assertThat(conditions).hasSizeGreaterThan(12);
        for (Method method : conditions) {
            compare(method, jumps);
        }
    }

    @Test
    void unknownMethodsAndWrongNumbersOfArgumentsAreRefused() {
        var bodies = new MethodBodies(Semantics.class);
        ClassFile.of()
                .build(
                        CD_THIS,
                        type ->
                                type.withMethodBody(
                                        "none",
                                        ConstantDescs.MTD_void,
                                        ClassFile.ACC_STATIC,
                                        code -> {
                                            assertThatIllegalArgumentException()
                                                    .isThrownBy(() ->
                                                            bodies.write(code, "frobnicate", 0));
                                            assertThatIllegalArgumentException()
                                                    .isThrownBy(() ->
                                                            bodies.write(
                                                                    code,
                                                                    "addu",
                                                                    0,
                                                                    code::iconst_0));
                                            code.return_();
                                        }));
    }
}
