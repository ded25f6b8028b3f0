package kseg.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.Consumer;
import kseg.config.UserErrorException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The ELF32 reader: what a sound file says, and every way a header can lie. */
class ElfImageTest {

    private static ThrowingCallable parsing(byte[] file) {
        return () -> ElfImage.parse(file, "kernel");
    }

    private static ThrowingCallable parsing(Consumer<byte[]> damage) {
        byte[] file = TinyElf.kernel().build();
        damage.accept(file);
        return parsing(file);
    }

    private static void putWord(byte[] file, int offset, int word) {
        System.arraycopy(TinyElf.words(word), 0, file, offset, 4);
    }

    @Test
    void readsHeadersAndSegments() throws UserErrorException {
        ElfImage image = ElfImage.parse(TinyElf.kernel().build(), "kernel");
        assertThat(image.bigEndian()).isTrue();
        assertThat(image.machine()).isEqualTo(ElfImage.EM_MIPS);
        assertThat(image.type()).isEqualTo(ElfImage.ET_EXEC);
        assertThat(image.entry()).isEqualTo(0x80000200);
        assertThat(image.segments())
                .extracting(ElfImage.Segment::type)
                .containsExactly(TinyElf.PT_MIPS_ABIFLAGS, 1, 1, TinyElf.PT_GNU_STACK);
        ElfImage.Segment data = image.segments().get(2);
        assertThat(data.memoryBytes()).isEqualTo(4096);
        assertThat(data.executable()).isFalse();
        byte[] copied = new byte[4];
        image.copy(data, copied, 0);
        assertThat(copied).containsExactly(1, 2, 3, 4);
    }

    @Test
    void readsWordsByAddressInTheFilesOrder() throws UserErrorException {
        ElfImage image = ElfImage.parse(TinyElf.kernel().build(), "kernel");
        assertThat(image.word(0x80000200)).contains(0x3c088000);
        assertThat(image.word(0x8000020c)).contains(0);
        assertThat(image.word(0x80000210)).isEmpty();
        assertThat(image.word(0x8000020e)).isEmpty();
        assertThat(image.word(0x80001000)).contains(0x01020304);
        ElfImage little = ElfImage.parse(TinyElf.kernel().littleEndian().build(), "kernel");
        assertThat(little.bigEndian()).isFalse();
        assertThat(little.word(0x80001000)).contains(0x04030201);
    }

    @Test
    void readsSymbols() throws UserErrorException {
        SymbolTable symbols = ElfImage.parse(TinyElf.kernel().build(), "kernel").symbols();
        assertThat(symbols.fault()).isEmpty();
        assertThat(symbols.names()).containsExactly("__start", "spin", "counter");
        assertThat(symbols.named("counter")).contains(new Symbol("counter", 0x80001000, 4, false));
        assertThat(symbols.named("kmain.c")).isEmpty();
        assertThat(symbols.describe(0x80000200)).contains("__start");
        assertThat(symbols.describe(0x80000204)).contains("__start+0x4");
        assertThat(symbols.describe(0x80000300)).contains("spin+0xf8");
        assertThat(symbols.describe(0x80001004)).isEmpty();
        assertThat(symbols.describe(0x800001fc)).isEmpty();
        assertThat(symbols.describe(0x7fffffff)).isEmpty();
    }

    @Test
    void aDamagedSymbolTableStopsNobody() throws UserErrorException {
        byte[] file = TinyElf.kernel().build();
        putWord(file, 32, 0x7fffffff);
        SymbolTable symbols = ElfImage.parse(file, "kernel").symbols();
        assertThat(symbols.all()).isEmpty();
        assertThat(symbols.fault()).isEqualTo("section headers lie outside the file");
    }

    @Test
    void identification() {
        assertThatThrownBy(parsing(new byte[0]))
                .hasMessage("kernel: offset 0x0: the file is empty");
        assertThatThrownBy(parsing("0 serial\n".getBytes()))
                .hasMessage(
                        "kernel: offset 0x0: not an ELF file\n"
                                + "    give the linked kernel, as the cross compiler made it");
        assertThatThrownBy(parsing("#!/bin/sh\n".getBytes()))
                .hasMessageContaining("looks like a script");
        assertThatThrownBy(parsing("System/161 Disk Image\0".getBytes()))
                .hasMessageContaining("it is a disk image");
        assertThatThrownBy(parsing(new byte[] {0x1f, (byte) 0x8b, 8}))
                .hasMessageContaining("gunzip it first");
        assertThatThrownBy(parsing(Arrays.copyOf(TinyElf.kernel().build(), 51)))
                .hasMessage(
                        "kernel: offset 0x33: truncated: an ELF header has 52 bytes, the file 51\n"
                                + "    the file is damaged; link or copy it again");
        assertThatThrownBy(parsing(f -> f[4] = 2))
                .hasMessage(
                        "kernel: offset 0x4: a 64-bit ELF file\n"
                                + "    the R3000 runs 32-bit code: compile with -mips1 -mabi=32");
        assertThatThrownBy(parsing(f -> f[4] = (byte) 0xff))
                .hasMessageStartingWith("kernel: offset 0x4: ELF class 255 is neither 1 nor 2");
        assertThatThrownBy(parsing(f -> f[5] = 3))
                .hasMessageStartingWith(
                        "kernel: offset 0x5: byte order 3 is neither 1 (little) nor 2 (big)");
        assertThatThrownBy(parsing(f -> f[6] = 0))
                .hasMessageStartingWith("kernel: offset 0x6: ELF version 0 is not 1");
        assertThatThrownBy(parsing(f -> putWord(f, 20, 2)))
                .hasMessageStartingWith("kernel: offset 0x14: ELF version 2 is not 1");
    }

    @Test
    void programHeadersThatLie() {
        assertThatThrownBy(parsing(f -> f[43] = 31))
                .hasMessageStartingWith("kernel: offset 0x2a: program headers of 31 bytes, not 32");
        assertThatThrownBy(parsing(f -> f[44] = (byte) 0xff))
                .hasMessageStartingWith(
                        "kernel: offset 0x1c: program headers at 0x34-0x1fe0b4 lie");
        assertThatThrownBy(parsing(f -> putWord(f, 28, -1)))
                .hasMessageContaining("program headers at 0xffffffff-0x10000007f lie outside");
        int text = 52 + 32;
        assertThatThrownBy(parsing(f -> putWord(f, text + 4, 0xfffffff0)))
                .hasMessageStartingWith(
                        "kernel: offset 0x58: segment 1 wants bytes 0xfffffff0-0x100000000 of a"
                                + " file");
        assertThatThrownBy(parsing(f -> putWord(f, text + 16, -1)))
                .hasMessageContaining("segment 1 wants bytes 0xcc-0x1000000cb of a file");
        assertThatThrownBy(parsing(f -> putWord(f, text + 20, 0x80000000)))
                .hasMessageStartingWith(
                        "kernel: offset 0x68: segment 1 at 0x80000200 wraps past the end");
    }

    @Test
    void everyTruncationIsNoticedOrHarmless() {
        byte[] whole = TinyElf.kernel().build();
        int loaded = 52 + 4 * 32 + 24 + 16 + 4;
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length < loaded) {
                assertThatThrownBy(parsing(cut)).isInstanceOf(UserErrorException.class);
            } else {
                assertThat(catchNothing(cut).segments()).hasSize(4);
            }
        }
    }

    private static ElfImage catchNothing(byte[] file) {
        try {
            return ElfImage.parse(file, "kernel");
        } catch (UserErrorException e) {
            throw new AssertionError(e);
        }
    }
}
