package kseg.engine;

import static org.assertj.core.api.Assertions.assertThat;

import kseg.isa.CpuModel;
import kseg.machine.EngineKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LL and SC of a page that is mapped already, in the other byte order. */
class LinkedLittleEndianTest {
    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void wordsKeepTheirByteOrder(EngineKind kind) {
        var rig = new CpuRig(kind, CpuModel.MIPS161, true);
        rig.place(
                CpuRig.CODE,
                """
                lui $s0, 0x8000
                ori $s0, $s0, 0x4000
                li $t0, 0x11223344
                sw $t0, 0($s0)
                ll $t1, 0($s0)
                li $t2, 0x55667788
                sc $t2, 0($s0)
                lw $t3, 0($s0)
                """);
        rig.run(10);
        assertThat(rig.reg("t1")).isEqualTo(0x11223344);
        assertThat(rig.reg("t2")).isEqualTo(1);
        assertThat(rig.reg("t3")).isEqualTo(0x55667788);
    }
}
