package kseg.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import kseg.config.DeviceConfig;
import kseg.config.SlotConfig;
import kseg.isa.Assembler;
import kseg.journal.Input;
import org.junit.jupiter.api.Test;

/** A million characters typed at a guest that computes: each is read once, in order. */
class TypingTest {
    private static final int CHARACTERS = 1_000_000;
    private static final int CODE = 0x80001000;

    /** Looks at the console, adds what it reads to a hash in $s1, counts in $s2, computes. */
    private static final String SOURCE =
            """
            lui $s0, 0xbfe0
            lw $t1, 8($s0)        # 0x80001004: read interrupt register
            andi $t1, $t1, 2
            beq $t1, $zero, 0x8000102c
            nop
            lw $t2, 0($s0)
            sw $zero, 8($s0)
            sll $t3, $s1, 5
            subu $s1, $t3, $s1
            addu $s1, $s1, $t2
            addiu $s2, $s2, 1
            li $t0, 60            # 0x8000102c
            addiu $t0, $t0, -1    # 0x80001030
            bgtz $t0, 0x80001030
            nop
            b 0x80001004
            nop
            """;

    @Test
    void aMillionCharactersArriveInOrder() {
        var console = new SlotConfig(0, new DeviceConfig.SerialConfig());
        var spec = new MachineSpec(1, 1 << 20, false, List.of(console), 1, 1000, 0, 0);
        try (var machine = Machine.create(spec, HostPorts.none(), EngineKind.JIT)) {
            int paddr = CODE & 0x1fffffff;
            for (int word : Assembler.assemble(SOURCE, CODE)) {
                machine.memory().putWord(paddr, word);
                paddr += 4;
            }
            machine.cpu(0).start(CODE);
            var random = new Random(161);
            int hash = 0;
            for (int typed = 0; typed < CHARACTERS; ) {
                byte[] some = new byte[Math.min(random.nextInt(1, 5000), CHARACTERS - typed)];
                random.nextBytes(some);
                for (byte character : some) {
                    hash = 31 * hash + (character & 0xff);
                }
                typed += some.length;
                machine.input(new Input(Input.Kind.CHARACTERS, 0, some));
                machine.run(RunLimit.atCycle(machine.position().cycle() + 600L * some.length));
            }
            machine.run(RunLimit.atCycle(machine.position().cycle() + 1_000_000));
            assertThat(machine.cpu(0).gpr[18]).isEqualTo(CHARACTERS);
            assertThat(machine.cpu(0).gpr[17]).isEqualTo(hash);
        }
    }
}
