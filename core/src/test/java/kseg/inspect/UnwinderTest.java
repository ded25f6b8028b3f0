package kseg.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kseg.image.BootImage;
import kseg.image.ElfImage;
import kseg.image.TinyElf;
import kseg.isa.Assembler;
import kseg.machine.EngineKind;
import kseg.machine.HostPorts;
import kseg.machine.Machine;
import kseg.machine.MachineSpec;
import kseg.machine.RunLimit;
import org.junit.jupiter.api.Test;

/** Chains of calls found by looking at code: images without debugging information. */
class UnwinderTest {
    private static final int TEXT = 0x80001000;
    private static final int FUNCTION = 0x12;

    /** Functions by name, in the order in which they are placed, each at a multiple of 0x100. */
    private final Map<String, String> functions = new LinkedHashMap<>();

    private UnwinderTest with(String name, String source) {
        functions.put(name, source);
        return this;
    }

    private static int address(int number) {
        return TEXT + 0x100 * number;
    }

    private ElfImage image() throws Exception {
        TinyElf elf = new TinyElf().entry(TEXT);
        byte[] text = new byte[0x100 * functions.size()];
        int number = 0;
        for (Map.Entry<String, String> function : functions.entrySet()) {
            String source = function.getValue();
            int callee = 0;
            for (String name : functions.keySet()) {
                source = source.replace("@" + name, "0x%08x".formatted(address(callee++)));
            }
            byte[] words = TinyElf.words(Assembler.assemble(source, address(number)));
            System.arraycopy(words, 0, text, 0x100 * number, words.length);
            elf.label(function.getKey(), address(number), words.length, FUNCTION);
            number++;
        }
        elf.segment(ElfImage.PT_LOAD, TEXT, text, text.length, 5);
        return ElfImage.parse(elf.build(), "test");
    }

    /** Runs for so many steps; the chain of CPU 0 then, as text. */
    private List<String> chain(int steps) throws Exception {
        ElfImage image = image();
        var spec = new MachineSpec(1, 1 << 20, false, List.of(), 1, 1000, 0, 0);
        try (Machine machine = Machine.create(spec, HostPorts.none(), EngineKind.INTERPRETER)) {
            machine.load(BootImage.of(image, 1 << 20), "");
            machine.run(RunLimit.atStep(steps));
            long hash = machine.stateHash();
            List<String> lines = new ArrayList<>();
            CallChain chain = new Unwinder(machine, image).of(machine.cpu(0));
            for (CallChain.Frame frame : chain.frames()) {
                String name = image.symbols().describe(frame.pc()).orElse("?");
                // Loops in place stand at one of two instructions.
                boolean here = frame.kind() == CallChain.Kind.HERE;
                lines.add(frame.kind() + " " + (here ? name.replaceFirst("\\+.*", "") : name));
            }
            if (!chain.end().isEmpty()) {
                lines.add(chain.end());
            }
            assertThat(machine.stateHash()).as("looking changes nothing").isEqualTo(hash);
            return lines;
        }
    }

    private static final String OUTER =
            """
            addiu $sp, $sp, -24
            jal @middle
            nop
            b .
            nop
            """;

    private static final String MIDDLE =
            """
            addiu $sp, $sp, -32
            sw $ra, 28($sp)
            sw $s0, 24($sp)
            jal @inner
            move $s0, $zero
            lw $ra, 28($sp)
            lw $s0, 24($sp)
            jr $ra
            addiu $sp, $sp, 32
            """;

    @Test
    void followsSavedReturnAddresses() throws Exception {
        with("outer", OUTER).with("middle", MIDDLE).with("inner", "b .; nop");
        assertThat(chain(50)).containsExactly("HERE inner", "CALL middle+0xc", "CALL outer+0x4");
    }

    /** At every step of calls and returns the chain is right: in prologues and epilogues too. */
    @Test
    void isRightAtEveryInstruction() throws Exception {
        with("outer", OUTER).with("middle", MIDDLE).with("inner", "jr $ra; nop");
        for (int step = 0; step < 16; step++) {
            List<String> chain = chain(step);
            assertThat(chain.getLast()).as("at step " + step).contains(" outer");
            boolean inInner = chain.getFirst().contains(" inner");
            boolean inMiddle = chain.getFirst().contains(" middle");
            assertThat(chain).as("at step " + step).hasSize(inInner ? 3 : inMiddle ? 2 : 1);
        }
    }

    @Test
    void anEarlyReturnDoesNotConfuse() throws Exception {
        String middle =
                """
                addiu $sp, $sp, -32
                sw $ra, 28($sp)
                beq $zero, $zero, on
                nop
                lw $ra, 28($sp)
                addiu $sp, $sp, 32
                jr $ra
                nop
                on: jal @inner
                nop
                """;
        with("outer", OUTER).with("middle", middle).with("inner", "b .; nop");
        assertThat(chain(50)).containsExactly("HERE inner", "CALL middle+0x20", "CALL outer+0x4");
    }

    @Test
    void aFramePointerHelpsWhereTheStackPointerWanders() throws Exception {
        String middle =
                """
                addiu $sp, $sp, -32
                sw $ra, 28($sp)
                sw $s8, 24($sp)
                move $s8, $sp
                li $t0, 16
                subu $sp, $sp, $t0      # alloca
                jal @inner
                nop
                """;
        with("outer", OUTER).with("middle", middle).with("inner", "b .; nop");
        assertThat(chain(50)).containsExactly("HERE inner", "CALL middle+0x18", "CALL outer+0x4");
    }

    @Test
    void aCallThroughANullPointerNamesTheCaller() throws Exception {
        String calls =
                """
                addiu $sp, $sp, -24
                jalr $zero
                nop
                """;
        with("outer", calls);
        assertThat(chain(4)).containsExactly("HERE ?", "INTERRUPTED ?", "CALL outer+0x4");
    }

    /** A handler that saves what it interrupted, on the same stack. */
    @Test
    void goesThroughExceptionsToWhatTheyInterrupted() throws Exception {
        String handler =
                """
                move $k1, $sp
                addiu $sp, $sp, -64
                sw $k1, 20($sp)
                sw $ra, 24($sp)
                mfc0 $t0, $14
                mfc0 $t1, $12
                sw $t0, 28($sp)
                sw $t1, 32($sp)
                jal @inner
                nop
                """;
        // In place of the vector, a jump: the exception is made by hand.
        String leaf =
                """
                nop
                li $t0, 0
                syscall
                nop
                """;
        String install =
                """
                lui $t0, 0x8000
                lui $t1, 0x0800         # j handler
                ori $t1, $t1, %d
                sw $t1, 0x80($t0)
                mtc0 $zero, $12         # BEV off
                addiu $sp, $sp, -24
                jal @leaf
                nop
                """
                        .formatted((address(2) & 0xfffffff) >>> 2);
        with("install", install).with("leaf", leaf).with("handler", handler);
        with("inner", "b .; nop");
        assertThat(chain(60))
                .containsExactly(
                        "HERE inner",
                        "CALL handler+0x20",
                        "INTERRUPTED leaf+0x8",
                        "CALL install+0x18");
    }

    @Test
    void aReturnAddressThatIsGoneEndsTheChain() throws Exception {
        String middle =
                """
                addiu $sp, $sp, -32
                sw $ra, 28($sp)
                lui $t0, 0x1234
                sw $t0, 28($sp)
                jal @inner
                nop
                """;
        with("outer", OUTER).with("middle", middle).with("inner", "b .; nop");
        // It was saved, and the code itself has overwritten it since.
        assertThat(chain(50)).containsExactly("HERE inner", "CALL middle+0x10");
    }

    /** The code says that the return address is there; what is there is something else. */
    @Test
    void aSmashedStackIsNamed() throws Exception {
        String smashes =
                """
                li $t0, 0x1234
                sw $t0, 28($a3)
                b .
                nop
                """;
        with("outer", OUTER);
        with("middle", MIDDLE.replace("move $s0, $zero", "move $a3, $sp"));
        with("inner", smashes);
        assertThat(chain(50))
                .containsExactly(
                        "HERE inner",
                        "CALL middle+0xc",
                        "it would return to 0x00001234, behind no call");
    }
}
