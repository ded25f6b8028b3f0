package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loops that access a device, which compiled code does without leaving its region once it knows
 * them: what the access brings about, and what the region holds in variables, as the interpreter
 * has it. Compared wherever both stop.
 */
class DeviceAccessTest {
    private static final int STEPS = 400;
    private static final int GENERAL = 0x80000080;

    private static final CpuRig REFERENCE =
            new CpuRig(EngineKind.INTERPRETER, CpuModel.MIPS161, false);
    private static final CpuRig JIT = new CpuRig(EngineKind.JIT, CpuModel.MIPS161, false);

    /** A handler that lowers the device's line, counts, and goes on behind what is no interrupt. */
    private static final String HANDLER =
            """
            mfc0 $k0, $13
            mfc0 $k1, $14
            andi $k0, $k0, 0x7c
            addiu $s7, $s7, 1
            beq $k0, $zero, r
            sw $zero, 0($s0)
            addiu $k1, $k1, 4
            r: jr $k1
            rfe
            """;

    private void compare(String body) {
        for (CpuRig rig : List.of(REFERENCE, JIT)) {
            rig.clear();
            rig.place(GENERAL, HANDLER);
            rig.place(
                    CpuRig.CODE,
                    "li $t0, 0x401\n mtc0 $t0, $12\n lui $s0, 0xbfe0\n li $s1, 1\n x: "
                            + body
                            + "\n b x\n addu $s2, $s2, $s1");
        }
        for (int slice : new int[] {STEPS, 7, 61}) {
            assertThat(states(JIT, slice))
                    .as("in slices of %d: %s", slice, body)
                    .isEqualTo(states(REFERENCE, slice));
        }
    }

    private static List<String> states(CpuRig rig, int slice) {
        var states = new ArrayList<String>();
        rig.reset();
        for (int at = 0; at < STEPS; ) {
            at = Math.min(STEPS, at + slice);
            rig.runTo(at);
            states.add(rig.state());
        }
        return states;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lw $t1, 0($s0)\n addu $s1, $s1, $t1",
                "lw $zero, 0($s0)\n addiu $s1, $s1, 3",
                "sw $s1, 0($s0)\n addiu $s1, $s1, 1", // every other one interrupts
                "addiu $s1, $s1, 1\n sw $s1, 0($s0)",
                "lbu $t1, 3($s0)\n addu $s1, $s1, $t1",
                "sh $s1, 2($s0)\n addiu $s1, $s1, 1", // a bus error
                "lw $t1, 4($s0)\n addiu $s1, $s1, 1", // another
                "lw $t1, 2($s0)\n addiu $s1, $s1, 1", // not aligned
                "lw $s0, 0($s0)\n addu $s1, $s1, $s0\n lui $s0, 0xbfe0",
                "jal f\n nop\n b y\n nop\n f: lw $t1, 0($s0)\n jr $ra\n addu $s1, $s1, $t1\n y:",
                "beq $s1, $s1, y\n lw $t1, 0($s0)\n nop\n y: addu $s1, $s1, $t1",
                "sw $zero, 0x700($zero)\n lw $t1, 0($s0)\n addu $s1, $s1, $t1",
            })
    void accessesInALoop(String body) {
        compare(body);
    }

    /** The same instruction accesses a device and memory. */
    @Test
    void nowADeviceNowMemory() {
        compare(
                """
                lui $t2, 0xbfe0
                andi $t3, $s2, 4
                beq $t3, $zero, y
                nop
                lui $t2, 0xa000
                ori $t2, $t2, 0x6000
                y: sw $s2, 0($t2)
                lw $t1, 0($t2)
                addu $s1, $s1, $t1
                """);
    }

    /** The first store after a snapshot moves its page, even if it holds the code that stores. */
    @Test
    void aStoreThatMovesItsOwnCode() {
        compare(
                """
                bgezal $zero, n
                andi $t4, $s2, 4
                n: addiu $t3, $ra, 40 # m
                lui $t5, 0x2000
                addu $t3, $t3, $t5 # in kseg1
                beq $t4, $zero, y
                andi $t5, $s2, 0x7f
                lui $t3, 0xbfe0
                y: lui $t6, 0x2631
                addu $t5, $t5, $t6
                nop
                sw $t5, 0($t3)
                m: addiu $s1, $s1, 1
                """);
        var states = new ArrayList<List<String>>();
        for (CpuRig rig : List.of(REFERENCE, JIT)) {
            var shared = new ArrayList<String>();
            rig.reset();
            for (int at = 0; at < STEPS; at += 61) {
                rig.memory().share(); // kept for ever
                rig.runTo(at);
                shared.add(rig.state());
            }
            states.add(shared);
        }
        assertThat(states.get(1)).isEqualTo(states.get(0));
    }

    /** The host may fail in any access: then the access has not happened, all before it has. */
    @Test
    void aHostThatFails() {
        compare("addiu $s1, $s1, 1\n lw $t1, 0($s0)\n addu $s3, $s1, $t1");
        var states = new ArrayList<String>();
        for (CpuRig rig : List.of(REFERENCE, JIT)) {
            rig.reset();
            rig.failAt(50);
            assertThatThrownBy(() -> rig.runTo(STEPS)).hasMessage("access 50");
            states.add(rig.state());
        }
        assertThat(states.get(1)).isEqualTo(states.get(0));
    }

    @Test
    void regionsDoNotStopForThem() {
        compare("lw $t1, 0($s0)\n addu $s1, $s1, $t1");
        long before = JIT.tiers().entries().access();
        states(JIT, STEPS);
        assertThat(JIT.tiers().entries().access() - before).isLessThan(2); // at the end
        assertThat(JIT.tiers().steps().compiled()).isGreaterThan(STEPS);
    }
}
