package kseg.engine.compile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytecode of a class's static methods, to be copied where they would be called.
 *
 * <p>Into a method that has grown past 18,000 nodes HotSpot inlines nothing more, whatever it is
 * told (NodeCountInliningCutoff), and a call that is left in a loop keeps it from computing
 * anything once for all rounds.
 */
final class MethodBodies {
    /** Local variables a method may use besides its parameters. */
    static final int MAX_LOCALS = 4;

    /** {@code last}: the instruction that returns at the end. */
    private record Body(int parameters, List<CodeElement> elements, CodeElement last) {}

    private final Map<String, Body> bodies = new LinkedHashMap<>();

    /** Reads the methods javac has compiled for a class; their names must differ. */
    MethodBodies(Class<?> owner) {
        try (InputStream in = owner.getResourceAsStream(owner.getSimpleName() + ".class")) {
            if (in == null) {
                throw new IllegalStateException("no class file of " + owner.getName());
            }
            for (MethodModel method : ClassFile.of().parse(in.readAllBytes()).methods()) {
                method.code()
                        .ifPresent(code ->
                                bodies.put(
                                        method.methodName().stringValue(),
                                        body(method, (CodeAttribute) code)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Body body(MethodModel method, CodeAttribute code) {
        int parameters = method.methodTypeSymbol().parameterCount();
        if (code.maxLocals() > parameters + MAX_LOCALS) {
            throw new IllegalStateException("too many variables: " + method.methodName());
        }
        List<CodeElement> elements =
                code.elementStream()
                        .filter(e -> e instanceof Instruction || e instanceof LabelTarget)
                        .toList();
        CodeElement last =
                elements.reversed().stream()
                        .filter(Instruction.class::isInstance)
                        .findFirst()
                        .orElseThrow();
        return new Body(parameters, elements, last);
    }

    /**
     * Writes what calling a method would do.
     *
     * @param locals the first of {@link #MAX_LOCALS} variables it may use for its own
     * @param arguments each pushes an int or a reference; run as often as the method reads it
     * @throws IllegalArgumentException if there is no such method
     */
    void write(CodeBuilder code, String name, int locals, Runnable... arguments) {
        new Copy(code, locals, null, arguments).write(body(name, arguments));
    }

    /**
     * Writes a jump to a label if a method would return true, or 1. A constant it loads must be
     * what it returns: there the copy jumps, or goes on behind.
     *
     * @throws IllegalArgumentException if there is no such method
     */
    void jump(CodeBuilder code, String name, int locals, Label label, Runnable... arguments) {
        new Copy(code, locals, label, arguments).write(body(name, arguments));
    }

    private Body body(String name, Runnable[] arguments) {
        Body body = bodies.get(name);
        if (body == null || body.parameters != arguments.length) {
            throw new IllegalArgumentException("no method " + name);
        }
        return body;
    }

    private static final class Copy {
        private final CodeBuilder code;
        private final int locals;
        private final @Nullable Label whereTrue;
        private final Runnable[] arguments;
        private final Label end;
        private final Map<Label, Label> labels = new LinkedHashMap<>();

        Copy(CodeBuilder code, int locals, @Nullable Label whereTrue, Runnable[] arguments) {
            this.code = code;
            this.locals = locals;
            this.whereTrue = whereTrue;
            this.arguments = arguments;
            end = code.newLabel();
        }

        @SuppressWarnings("ReferenceEquality") // identity is meant
        void write(Body body) {
            boolean decided = false;
            for (CodeElement element : body.elements) {
                if (element instanceof LabelTarget target) {
                    code.labelBinding(label(target.label()));
                    decided = false;
                } else if (whereTrue != null && element instanceof ConstantInstruction constant) {
                    code.goto_(constant.constantValue().equals(1) ? whereTrue : end);
                    decided = true;
                } else if (!decided && element != body.last) {
                    instruction(element);
                } else if (!decided && whereTrue != null) {
                    code.ifne(whereTrue);
                }
            }
            code.labelBinding(end);
        }

        private void instruction(CodeElement element) {
            switch (element) {
                case LoadInstruction load when load.slot() < arguments.length ->
                        arguments[load.slot()].run();
                case LoadInstruction load -> code.loadLocal(load.typeKind(), own(load.slot()));
                case StoreInstruction store -> code.storeLocal(store.typeKind(), own(store.slot()));
                case BranchInstruction branch ->
                        code.branch(branch.opcode(), label(branch.target()));
                case ReturnInstruction result -> code.goto_(end);
                default -> code.with(element);
            }
        }

        private int own(int slot) {
            if (slot < arguments.length) {
                throw new IllegalStateException("assigns to a parameter");
            }
            return locals + slot - arguments.length;
        }

        private Label label(Label original) {
            return labels.computeIfAbsent(original, l -> code.newLabel());
        }
    }
}
