package kseg.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import kseg.engine.CodePages;
import kseg.isa.Assembler;
import kseg.isa.CpuModel;
import kseg.memory.FramePool;
import kseg.memory.PageMaps;
import kseg.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
    private static final int CODE = 0x80000000;

    private static final String NESTED =
            """
            before: jr $ra
             nop
            function: move $t0, $zero
            outer: move $t1, $zero
            inner: addiu $t1, $t1, 1
             bnez $t2, hot
             nop
             addiu $t3, $t3, 1
            hot: addiu $t4, $t4, 1
             bne $t1, $a0, inner
             nop
             bne $t0, $a1, outer
             nop
             jr $ra
             nop
            """;

    private static final int FUNCTION = CODE + 0x08;
    private static final int OUTER = CODE + 0x0c;
    private static final int INNER = CODE + 0x10;
    private static final int HOT = CODE + 0x20;

    @Test
    void functionThenLoopsFromTheOutermost() {
        assertThat(entries(NESTED, HOT, Map.of())).containsExactly(FUNCTION, OUTER, INNER);
        assertThat(entries(NESTED, INNER, Map.of())).containsExactly(FUNCTION, OUTER, INNER);
        assertThat(entries(NESTED, OUTER, Map.of())).containsExactly(FUNCTION, OUTER);
    }

    @Test
    void whatIsCalledIsAFunctionWhateverStandsBeforeIt() {
        String called =
                """
                 jal function
                 nop
                 nop
                function: addiu $t0, $t0, 1
                hot: addiu $t1, $t1, 1
                 bne $t0, $t1, hot
                 nop
                 jr $ra
                 nop
                """;
        assertThat(entries(called, CODE + 0x10, Map.of()))
                .containsExactly(CODE + 0x0c, CODE + 0x10);
    }

    @Test
    void whatIsJumpedToIsNoFunction() {
        String early =
                """
                before: jr $ra
                 nop
                function: beqz $a0, rest
                 nop
                 jr $ra
                 nop
                rest: addiu $t0, $t0, 1
                 bne $t0, $a1, rest
                 nop
                 jr $ra
                 nop
                """;
        assertThat(entries(early, CODE + 0x18, Map.of())).containsExactly(CODE + 0x08, CODE + 0x18);
    }

    @Test
    void switchThroughRaIsNoReturn() {
        String dispatch =
                """
                before: jr $ra
                 nop
                function: move $t7, $a0
                next: lw $ra, 0($t7)
                 nop
                 jr $ra
                 nop
                hot: addiu $t0, $t0, 1
                 b next
                 nop
                """;
        int hot = CODE + 0x1c;
        assertThat(entries(dispatch, hot, Map.of(CODE + 0x14, List.of(hot))))
                .containsExactly(CODE + 0x08, CODE + 0x0c);
    }

    @Test
    void hotCodeGoesFirst() {
        String choice =
                """
                function: bnez $a0, cold
                 nop
                 bnez $a1, hot
                 nop
                cold: addiu $t0, $t0, 1
                 jr $ra
                 nop
                hot: addiu $t1, $t1, 1
                 jr $ra
                 nop
                """;
        int hot = CODE + 0x1c;
        var extent = new Scout.Extent(CODE, false, 5, false);
        Scout.Found found =
                Scout.scout(
                        reader(choice),
                        new Hints() {
                            @Override
                            public List<Integer> targets(int pc) {
                                return List.of();
                            }

                            @Override
                            public boolean endsSoon(int pc) {
                                return false;
                            }

                            @Override
                            public boolean straddles(int pc) {
                                return false;
                            }

                            @Override
                            public int heat(int pc) {
                                return pc == hot || pc == CODE + 8 ? 1000 : 0;
                            }
                        },
                        extent);
        assertThat(found).isNotNull();
        assertThat(found.graph().holds(hot)).isTrue();
        assertThat(found.graph().holds(CODE + 0x10)).isFalse();
    }

    private static List<Integer> entries(
            String source, int pc, Map<Integer, List<Integer>> targets) {
        var hints =
                new Hints() {
                    @Override
                    public List<Integer> targets(int site) {
                        return targets.getOrDefault(site, List.of());
                    }

                    @Override
                    public boolean straddles(int site) {
                        return false;
                    }

                    @Override
                    public boolean endsSoon(int site) {
                        return false;
                    }
                };
        return Surroundings.entries(reader(source), hints, pc);
    }

    private static CodeReader reader(String source) {
        FramePool pool = FramePool.forRam(1 << 20);
        var maps = new PageMaps();
        var code = new CodePages(pool, maps, CpuModel.MIPS161, false);
        var memory = new PhysicalMemory(pool, maps, code, 1 << 20);
        int at = 0;
        for (int word : Assembler.assemble(source, CODE)) {
            memory.putWord(at, word);
            at += 4;
        }
        int frame = memory.frame(0);
        code.at(frame);
        return new CodeReader(
                vaddr -> (vaddr & -FramePool.FRAME_BYTES) == CODE ? code.known(frame) : null);
    }
}
