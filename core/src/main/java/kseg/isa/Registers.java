package kseg.isa;

import java.util.List;

/** Names of the general registers, by the o32 calling convention. */
public final class Registers {
    private static final List<String> NAMES =
            List.of(
                    "$zero", "$at", "$v0", "$v1", "$a0", "$a1", "$a2", "$a3", "$t0", "$t1", "$t2",
                    "$t3", "$t4", "$t5", "$t6", "$t7", "$s0", "$s1", "$s2", "$s3", "$s4", "$s5",
                    "$s6", "$s7", "$t8", "$t9", "$k0", "$k1", "$gp", "$sp", "$fp", "$ra");

    private Registers() {}

    /** The name of register 0..31, with its dollar sign. */
    public static String name(int register) {
        return NAMES.get(register);
    }

    /**
     * The number of a register given as $t0, $8 or (for $fp) $s8.
     *
     * @throws IllegalArgumentException if there is no such register
     */
    public static int parse(String name) {
        int register = name.equals("$s8") ? 30 : NAMES.indexOf(name);
        return register >= 0 ? register : parseNumbered(name, "$");
    }

    /** The number of a register given as a prefix and 0..31. */
    static int parseNumbered(String name, String prefix) {
        if (name.startsWith(prefix)) {
            String digits = name.substring(prefix.length());
            if (digits.matches("[0-9]|[12][0-9]|3[01]")) {
                return Integer.parseInt(digits);
            }
        }
        throw new IllegalArgumentException("no such register: " + name);
    }
}
