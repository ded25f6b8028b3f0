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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import kseg.cpu.Cpu;
import kseg.isa.Registers;

/**
 * The bytecode of a region as text. The local variables that hold guest registers have their names:
 * those that a method of the region loads from the array of registers, or stores there; all use the
 * same variables.
 */
final class Bytecode {
    private final CodeAttribute code;
    private final Map<Integer, String> names = new HashMap<>();

    /** Whether something has been stored: before, variables hold the method's arguments. */
    private boolean begun;

    private Bytecode(CodeAttribute code) {
        this.code = code;
    }

    /** Names the variables that a method loads from the array of registers, or stores there. */
    private void name(CodeAttribute method) {
        List<Instruction> all = instructions(method);
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

    private static List<Instruction> instructions(CodeAttribute method) {
        var all = new ArrayList<Instruction>();
        for (CodeElement element : method.elementList()) {
            if (element instanceof Instruction instruction) {
                all.add(instruction);
            }
        }
        return all;
    }

    private static String register(int number) {
        return switch (number) {
            case Cpu.HI -> "hi";
            case Cpu.LO -> "lo";
            default -> Registers.name(number);
        };
    }

    /** One line for each instruction of a method of a region's class. */
    static List<String> of(byte[] classFile, String method) {
        var codes = new LinkedHashMap<String, CodeAttribute>();
        for (MethodModel model : ClassFile.of().parse(classFile).methods()) {
            model.findAttribute(Attributes.code())
                    .ifPresent(code -> codes.put(model.methodName().stringValue(), code));
        }
        CodeAttribute code = codes.get(method);
        if (code == null) {
            return List.of();
        }
        var text = new Bytecode(code);
        codes.values().forEach(text::name);
        return text.lines();
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        int bci = 0;
        for (Instruction instruction : instructions(code)) {
            lines.add("%5d: %s".formatted(bci, line(instruction)));
            bci += instruction.sizeInBytes();
            begun |= instruction instanceof StoreInstruction;
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
        String number = String.valueOf(slot);
        boolean argument = !begun && kind.endsWith("load");
        return kind + " " + (argument ? number : names.getOrDefault(slot, number));
    }

    private int bci(Label label) {
        return code.labelToBci(label);
    }

    private static String simple(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }
}
