package kseg.cli;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import kseg.cpu.Cpu;
import kseg.isa.Registers;

/**
 * The bytecode of a region as text. The local variables that hold guest registers have their names:
 * those that the method loads from the array of registers, or stores there.
 */
final class Bytecode {
    private final CodeAttribute code;
    private final Map<Integer, String> names = new HashMap<>();

    private Bytecode(CodeAttribute code) {
        this.code = code;
        List<Instruction> all = new ArrayList<>();
        for (CodeElement element : code.elementList()) {
            if (element instanceof Instruction instruction) {
                all.add(instruction);
            }
        }
        for (int i = 2; i < all.size(); i++) {
            if (all.get(i - 2) instanceof ConstantInstruction constant
                    && constant.constantValue() instanceof Integer register
                    && all.get(i - 1).opcode() == Opcode.IALOAD
                    && all.get(i) instanceof StoreInstruction store) {
                names.putIfAbsent(store.slot(), register(register));
            }
            if (all.get(i - 2) instanceof ConstantInstruction constant
                    && constant.constantValue() instanceof Integer register
                    && all.get(i - 1) instanceof LoadInstruction load
                    && all.get(i).opcode() == Opcode.IASTORE) {
                names.putIfAbsent(load.slot(), register(register));
            }
        }
    }

    private static String register(int number) {
        return switch (number) {
            case Cpu.HI -> "hi";
            case Cpu.LO -> "lo";
            default -> Registers.name(number);
        };
    }

    /** One line for each instruction of the method. */
    static List<String> of(byte[] classFile, String method) {
        return ClassFile.of().parse(classFile).methods().stream()
                .filter(m -> m.methodName().equalsString(method))
                .map(Bytecode::lines)
                .findFirst()
                .orElse(List.of());
    }

    private static List<String> lines(MethodModel method) {
        var text = new Bytecode(method.findAttribute(Attributes.code()).orElseThrow());
        var lines = new ArrayList<String>();
        int bci = 0;
        for (CodeElement element : text.code.elementList()) {
            if (element instanceof Instruction instruction) {
                lines.add("%5d: %s".formatted(bci, text.line(instruction)));
                bci += instruction.sizeInBytes();
            }
        }
        return lines;
    }

    private String line(Instruction instruction) {
        String name = instruction.opcode().name().toLowerCase(Locale.ROOT);
        return switch (instruction) {
            case LoadInstruction load -> local(name, load.slot());
            case StoreInstruction store -> local(name, store.slot());
            case IncrementInstruction inc ->
                    "iinc "
                            + names.getOrDefault(inc.slot(), "" + inc.slot())
                            + " "
                            + inc.constant();
            case ConstantInstruction constant -> constant(name, constant);
            case FieldInstruction field ->
                    name
                            + " "
                            + simple(field.owner().asInternalName())
                            + "."
                            + field.name().stringValue();
            case InvokeInstruction invoke ->
                    name
                            + " "
                            + simple(invoke.owner().asInternalName())
                            + "."
                            + invoke.name().stringValue();
            case BranchInstruction branch -> name + " " + bci(branch.target());
            case LookupSwitchInstruction choice ->
                    choice.cases().stream()
                                    .map(c ->
                                            "0x%08x: %d".formatted(c.caseValue(), bci(c.target())))
                                    .collect(Collectors.joining(", ", name + " ", ""))
                            + ", else "
                            + bci(choice.defaultTarget());
            default -> name;
        };
    }

    private static String constant(String name, ConstantInstruction constant) {
        if (name.startsWith("ldc") && constant.constantValue() instanceof Integer value) {
            return name + " 0x%08x".formatted(value);
        }
        return name.endsWith("push") ? name + " " + constant.constantValue() : name;
    }

    /** The register instead of the number, where the variable is one. */
    private String local(String name, int slot) {
        String kind = name.replaceFirst("_.*", "");
        return kind + " " + names.getOrDefault(slot, String.valueOf(slot));
    }

    private int bci(Label label) {
        return code.labelToBci(label);
    }

    private static String simple(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }
}
