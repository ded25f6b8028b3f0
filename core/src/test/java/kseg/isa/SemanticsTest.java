package kseg.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors worked out by hand from the manual, and the tie between Insn and Semantics. */
class SemanticsTest {
    /** HotSpot inlines a method that is not yet known to be hot up to this size: MaxInlineSize. */
    private static final int MAX_INLINE_BYTES = 35;

    // The tie

    @Test
    void eachInstructionHasOneMethodOfItsShapesType() {
        var expected = new TreeMap<String, String>();
        for (Insn insn : Insn.values()) {
            String descriptor = insn.shape().descriptor();
            if (insn.shape().dependsOnByteOrder()) {
                expected.put(insn.mnemonic() + "Big", descriptor);
                expected.put(insn.mnemonic() + "Little", descriptor);
            } else if (!descriptor.isEmpty()) {
                expected.put(insn.mnemonic(), descriptor);
            }
            if (insn.has(Trait.MAY_OVERFLOW)) {
                expected.put(insn.mnemonic() + "Overflows", "(II)Z");
            }
        }
        expected.put("hiLo", "(II)J"); // shared by the divisions

        List<Method> methods =
                Arrays.stream(Semantics.class.getDeclaredMethods())
                        .filter(method -> !method.isSynthetic())
                        .toList();
        assertThat(methods)
                .allMatch(m -> Modifier.isPublic(m.getModifiers()))
                .allMatch(m -> Modifier.isStatic(m.getModifiers()));
        assertThat(methods.stream().map(Method::getName)).doesNotHaveDuplicates();
        assertThat(methods.stream().collect(Collectors.toMap(Method::getName, this::descriptor)))
                .containsExactlyInAnyOrderEntriesOf(expected);
    }

    private String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
    }

    @Test
    void methodsAreSmallEnoughToBeInlined() throws IOException {
        byte[] bytes;
        try (var in = Semantics.class.getResourceAsStream("Semantics.class")) {
            bytes = in.readAllBytes();
        }
        for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
            int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
            assertThat(length)
                    .as(method.methodName().stringValue())
                    .isLessThanOrEqualTo(MAX_INLINE_BYTES);
        }
    }

    // Vectors

    /** An operation by its mnemonic, on operands in the order of its method. */
    private static long apply(String mnemonic, int... operands)
            throws ReflectiveOperationException {
        Class<?>[] types =
                Stream.generate(() -> int.class).limit(operands.length).toArray(Class[]::new);
        Object[] boxed = Arrays.stream(operands).boxed().toArray();
        Object result = Semantics.class.getMethod(mnemonic, types).invoke(null, boxed);
        return result instanceof Boolean taken
                ? taken ? 1 : 0
                : result instanceof Integer value ? Integer.toUnsignedLong(value) : (Long) result;
    }

    private static int hex(String digits) {
        return Integer.parseUnsignedInt(digits, 16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            textBlock =
                    """
                    addu 7fffffff 00000001 80000000
                    addu ffffffff 00000001 00000000
                    add 00000003 fffffffe 00000001
                    subu 00000000 00000001 ffffffff
                    subu 80000000 00000001 7fffffff
                    sub 00000003 00000005 fffffffe
                    and f0f0f0f0 ff00ff00 f000f000
                    or f0f0f0f0 ff00ff00 fff0fff0
                    xor f0f0f0f0 ff00ff00 0ff00ff0
                    nor f0f0f0f0 ff00ff00 000f000f
                    slt 80000000 7fffffff 00000001
                    slt 7fffffff 80000000 00000000
                    slt 00000005 00000005 00000000
                    sltu 80000000 7fffffff 00000000
                    sltu 7fffffff 80000000 00000001
                    sltu 00000000 ffffffff 00000001
                    addi 7ffffffe 00000001 7fffffff
                    addiu 7fffffff 00000001 80000000
                    addiu 00000000 ffff8000 ffff8000
                    slti ffff7fff ffff8000 00000001
                    slti ffff8000 ffff8000 00000000
                    sltiu 00000001 ffffffff 00000001
                    sltiu ffffffff ffff8000 00000000
                    andi ffffffff 0000ffff 0000ffff
                    ori 80000000 0000ffff 8000ffff
                    xori ffffffff 0000ffff ffff0000
                    sll 80000001 0000001f 80000000
                    sll 12345678 00000000 12345678
                    srl 80000001 0000001f 00000001
                    srl 80000000 00000001 40000000
                    sra 80000000 0000001f ffffffff
                    sra 7fffffff 0000001f 00000000
                    sllv 00000001 00000021 00000002
                    sllv 00000001 ffffffff 80000000
                    srlv 80000000 ffffffe0 80000000
                    srav 80000000 0000003f ffffffff
                    """)
    void twoOperands(String mnemonic, String first, String second, String result) throws Exception {
        assertThat(apply(mnemonic, hex(first), hex(second))).isEqualTo(hex(result) & 0xffff_ffffL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            textBlock =
                    """
                    lui 00008000 80000000
                    lui 0000ffff ffff0000
                    lb 0000007f 0000007f
                    lb 00000080 ffffff80
                    lbu 00000080 00000080
                    lbu 000000ff 000000ff
                    lh 00007fff 00007fff
                    lh 00008000 ffff8000
                    lhu 00008000 00008000
                    lhu 0000ffff 0000ffff
                    lw 80000001 80000001
                    """)
    void oneOperand(String mnemonic, String operand, String result) throws Exception {
        assertThat(apply(mnemonic, hex(operand))).isEqualTo(hex(result) & 0xffff_ffffL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            textBlock =
                    """
                    addOverflows 7fffffff 00000001 1
                    addOverflows 7fffffff 00000000 0
                    addOverflows 80000000 ffffffff 1
                    addOverflows 80000000 80000000 1
                    addOverflows 80000000 7fffffff 0
                    addOverflows ffffffff 00000001 0
                    addOverflows 40000000 40000000 1
                    addOverflows c0000000 c0000000 0
                    addiOverflows 7fffffff 00000001 1
                    addiOverflows 7fff8000 00007fff 0
                    addiOverflows 7fff8001 00007fff 1
                    addiOverflows 80000000 ffff8000 1
                    addiOverflows 80008000 ffff8000 0
                    subOverflows 80000000 00000001 1
                    subOverflows 80000001 00000001 0
                    subOverflows 7fffffff ffffffff 1
                    subOverflows 7ffffffe ffffffff 0
                    subOverflows 00000000 80000000 1
                    subOverflows ffffffff 80000000 0
                    subOverflows 80000000 80000000 0
                    beq 00000000 00000000 1
                    beq 00000001 80000001 0
                    bne 00000000 00000000 0
                    bne 00000001 80000001 1
                    """)
    void conditionsOnTwo(String name, String first, String second, int result) throws Exception {
        assertThat(apply(name, hex(first), hex(second))).isEqualTo(result);
    }

    /** Whether the branch is taken on the smallest integer, -1, 0, 1 and the largest. */
    @ParameterizedTest
    @CsvSource({"blez,11100", "bgtz,00011", "bltz,11000", "bgez,00111", "bltzal,11000"})
    @CsvSource("bgezal,00111")
    void conditionsOnOne(String mnemonic, String taken) throws Exception {
        int[] values = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE};
        for (int i = 0; i < values.length; i++) {
            assertThat(apply(mnemonic, values[i])).isEqualTo(taken.charAt(i) - '0');
        }
    }

    /** Operands, HI, LO. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            textBlock =
                    """
                    mult 00000002 00000003 00000000 00000006
                    mult ffffffff 00000002 ffffffff fffffffe
                    mult 80000000 80000000 40000000 00000000
                    mult 80000000 ffffffff 00000000 80000000
                    mult 7fffffff 7fffffff 3fffffff 00000001
                    multu ffffffff ffffffff fffffffe 00000001
                    multu 80000000 00000002 00000001 00000000
                    multu ffffffff 00000000 00000000 00000000
                    div 00000007 00000002 00000001 00000003
                    div fffffff9 00000002 ffffffff fffffffd
                    div 00000007 fffffffe 00000001 fffffffd
                    div fffffff9 fffffffe ffffffff 00000003
                    div 80000000 ffffffff 00000000 80000000
                    div 80000000 00000001 00000000 80000000
                    div 00000005 00000000 00000000 7fffffff
                    div 00000000 00000000 00000000 7fffffff
                    div fffffffb 00000000 00000000 ffffffff
                    divu ffffffff 00000002 00000001 7fffffff
                    divu 80000000 ffffffff 80000000 00000000
                    divu fffffff9 fffffffe fffffff9 00000000
                    divu 00000005 00000000 00000000 ffffffff
                    divu 80000000 00000000 00000000 ffffffff
                    """)
    void multipliesAndDivides(String mnemonic, String rs, String rt, String hi, String lo)
            throws Exception {
        assertThat(Long.toHexString(apply(mnemonic, hex(rs), hex(rt))))
                .isEqualTo(Long.toHexString(Long.parseUnsignedLong(hi + lo, 16)));
    }

    /**
     * The figures of the manual for each byte offset: register AABBCCDD, memory bytes 11 22 33 44
     * by ascending address, which LW loads as 11223344 or 44332211.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            textBlock =
                    """
                    lwlBig 11223344 223344dd 3344ccdd 44bbccdd
                    lwrBig aabbcc11 aabb1122 aa112233 11223344
                    swlBig aabbccdd 11aabbcc 1122aabb 112233aa
                    swrBig dd223344 ccdd3344 bbccdd44 aabbccdd
                    lwlLittle 11bbccdd 2211ccdd 332211dd 44332211
                    lwrLittle 44332211 aa443322 aabb4433 aabbcc44
                    swlLittle 443322aa 4433aabb 44aabbcc aabbccdd
                    swrLittle aabbccdd bbccdd11 ccdd2211 dd332211
                    """)
    void mergesUnalignedWords(String name, String at0, String at1, String at2, String at3)
            throws Exception {
        String[] expected = {at0, at1, at2, at3};
        int word = name.endsWith("Big") ? 0x1122_3344 : 0x4433_2211;
        for (int offset = 0; offset < 4; offset++) {
            long merged = apply(name, 0xaabb_ccdd, word, 0x1000 + offset);
            assertThat("%08x".formatted(merged)).as("at %d", offset).isEqualTo(expected[offset]);
        }
    }

    /** LWL and LWR, or SWL and SWR, as pairs at any address move the four bytes there. */
    @Test
    void pairsMoveFourBytesFromAnyAddress() {
        int first = 0x1122_3344;
        int second = 0x5566_7788;
        long bytes = 0x1122_3344_5566_7788L;
        for (int offset = 0; offset < 4; offset++) {
            int last = offset + 3;
            int wordOfLast = last < 4 ? first : second;
            int left = Semantics.lwlBig(0xdead_beef, first, offset);
            assertThat(Semantics.lwrBig(left, wordOfLast, last))
                    .isEqualTo((int) (bytes << 8 * offset >>> 32));
            int leftStored = Semantics.swlBig(0xaabb_ccdd, first, offset);
            int rightStored = Semantics.swrBig(0xaabb_ccdd, last < 4 ? leftStored : second, last);
            long stored =
                    (long) (last < 4 ? rightStored : leftStored) << 32
                            | (last < 4 ? second : rightStored) & 0xffff_ffffL;
            long hole = 0xffff_ffff_0000_0000L >>> 8 * offset;
            long moved = 0xaabb_ccdd_0000_0000L >>> 8 * offset;
            assertThat(stored).isEqualTo(bytes & ~hole | moved & hole);
        }
    }
}
