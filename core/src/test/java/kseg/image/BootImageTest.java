package kseg.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kseg.config.UserErrorException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the System/161 boards boot, and in which words they refuse. */
class BootImageTest {
    private static final long RAM = 1 << 20;

    private static BootImage boot(TinyElf elf, long ramBytes) throws UserErrorException {
        return BootImage.of(ElfImage.parse(elf.build(), "kernel"), ramBytes);
    }

    private static ThrowingCallable booting(TinyElf elf) {
        return () -> boot(elf, RAM);
    }

    private static ThrowingCallable booting(int vaddr, int memoryBytes) {
        return booting(
                new TinyElf().segment(1, vaddr, TinyElf.words(0), memoryBytes, 5).entry(vaddr));
    }

    private static ThrowingCallable bootingWithByte(int offset, int value) {
        byte[] file = TinyElf.kernel().build();
        file[offset] = (byte) value;
        return () -> BootImage.of(ElfImage.parse(file, "kernel"), RAM);
    }

    @Test
    void placesWhatIsToBeLoadedAndIgnoresTheRest() throws UserErrorException {
        BootImage boot = boot(TinyElf.kernel(), RAM);
        assertThat(boot.entry()).isEqualTo(0x80000200);
        assertThat(boot.segments())
                .extracting(BootImage.Segment::paddr)
                .containsExactly(0x200, 0x1000);
        assertThat(boot.segments().get(1).bytes()).containsExactly(1, 2, 3, 4);
        assertThat(boot.segments().get(1).memoryBytes()).isEqualTo(4096);
    }

    @Test
    void kseg1IsTheSameMemory() throws UserErrorException {
        TinyElf elf =
                new TinyElf().segment(1, 0xa0001000, TinyElf.words(0), 4, 5).entry(0xa0001000);
        assertThat(boot(elf, RAM).segments().getFirst().paddr()).isEqualTo(0x1000);
    }

    @Test
    void memoryMustEndAboveTheImage() throws UserErrorException {
        assertThat(boot(TinyElf.kernel(), 0x3000).segments()).hasSize(2);
        assertThatThrownBy(() -> boot(TinyElf.kernel(), 0x2000))
                .hasMessage(
                        "kernel: offset 0x7c: segment 2 at 0x80001000 ends at physical 0x2000,"
                                + " beyond memory of 8K\n"
                                + "    give the machine more memory: --ram 1M");
    }

    @Test
    void fileBytesBeyondTheMemoryBytesAreCut() throws UserErrorException {
        TinyElf elf = new TinyElf().segment(1, 0x80000200, new byte[] {9, 8, 7, 6, 5}, 4, 5);
        BootImage boot = boot(elf, RAM);
        assertThat(boot.segments().getFirst().bytes()).containsExactly(9, 8, 7, 6);
    }

    @Test
    void emptySegmentsAreIgnored() throws UserErrorException {
        TinyElf elf = TinyElf.kernel().segment(1, 0, new byte[0], 0, 6);
        assertThat(boot(elf, RAM).segments()).hasSize(2);
        assertThatThrownBy(booting(new TinyElf().segment(1, 0, new byte[0], 0, 6)))
                .hasMessage("kernel: offset 0x10: nothing to load: no segment has any bytes");
        assertThatThrownBy(booting(new TinyElf())).hasMessageContaining("nothing to load");
    }

    @Test
    void addressesOutsideKseg0AndKseg1() {
        assertThatThrownBy(booting(0x00400000, 4))
                .hasMessage(
                        "kernel: offset 0x3c: segment 0 at 0x400000 is outside kseg0 and kseg1"
                                + " (0x80000000-0xbfffffff)\n    this looks like a user program;"
                                + " boot a kernel and let it run this");
        assertThatThrownBy(booting(0x7ffffffc, 8)).hasMessageContaining("outside kseg0");
        assertThatThrownBy(booting(0xc0000000, 4))
                .hasMessage(
                        "kernel: offset 0x3c: segment 0 at 0xc0000000 is outside kseg0 and kseg1"
                                + " (0x80000000-0xbfffffff)");
        assertThatThrownBy(booting(0xbffffffc, 4)).hasMessageContaining("outside kseg0");
        assertThatThrownBy(booting(0xbffffff8, 4)).hasMessageContaining("beyond memory of 1M");
        assertThatThrownBy(booting(0x80000000, 0x40000000)).hasMessageContaining("outside kseg0");
    }

    @Test
    void overlap() {
        assertThatThrownBy(booting(TinyElf.kernel().segment(1, 0xa0001ffc, TinyElf.words(0), 4, 6)))
                .hasMessage("kernel: offset 0xbc: segments 2 and 4 overlap at physical 0x1ffc");
    }

    @Test
    void entryPoint() {
        String hint = "\n    does the linker script name the start routine in ENTRY(...)?";
        assertThatThrownBy(booting(TinyElf.kernel().entry(0)))
                .hasMessage("kernel: offset 0x18: entry point 0x0 is in no loaded segment" + hint);
        assertThatThrownBy(booting(TinyElf.kernel().entry(0x80000202)))
                .hasMessage("kernel: offset 0x18: entry point 0x80000202 is not a multiple of 4");
        assertThatThrownBy(booting(TinyElf.kernel().entry(0x80000210)))
                .hasMessageContaining("entry point 0x80000210 is in no loaded segment");
        assertThatThrownBy(booting(TinyElf.kernel().entry(0xc0000200)))
                .hasMessageContaining("entry point 0xc0000200 is in no loaded segment");
    }

    @Test
    void otherKindsOfFile() {
        assertThatThrownBy(booting(TinyElf.kernel().littleEndian()))
                .hasMessage(
                        "kernel: offset 0x5: little-endian; the System/161 board is big-endian\n"
                                + "    compile with -EB, or with mips-linux-gnu-gcc instead of"
                                + " mipsel-linux-gnu-gcc");
        assertThatThrownBy(bootingWithByte(19, 62))
                .hasMessage(
                        "kernel: offset 0x12: made for x86-64, not for MIPS\n"
                                + "    give the kernel that the cross compiler made");
        assertThatThrownBy(bootingWithByte(19, 1))
                .hasMessageContaining("made for machine type 1, not for MIPS");
        assertThatThrownBy(bootingWithByte(17, 1))
                .hasMessageContaining("not an executable but an object file\n    link it:");
        assertThatThrownBy(bootingWithByte(17, 3))
                .hasMessageContaining(
                        "not an executable but a shared or position-independent file");
        assertThatThrownBy(bootingWithByte(17, 4))
                .hasMessage("kernel: offset 0x10: not an executable but a core dump");
        assertThatThrownBy(bootingWithByte(17, 9))
                .hasMessageContaining("not an executable but a file of type 9");
    }
}
