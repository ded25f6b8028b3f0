package kseg.machine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import kseg.bus.BusError;
import kseg.bus.Lamebus;
import kseg.cpu.Cp0;
import kseg.cpu.Cpu;
import kseg.cpu.Mmu;
import kseg.journal.Input;
import kseg.memory.PhysicalMemory;

/**
 * What a debugger sees and changes of a machine that stands still. Looking has no side effects, be
 * it at a device's registers. What is changed is an input of the machine, in its journal.
 *
 * <p>Registers have numbers: 0 to 31, {@link #HI}, {@link #LO}, {@link #PC}, and {@link #CP0} plus
 * the number of a register of coprocessor 0. Not thread-safe: the machine's owner.
 */
public final class Probe {
    public static final int HI = 32;
    public static final int LO = 33;
    public static final int PC = 34;

    /** Coprocessor 0: this plus the register's number in MFC0. */
    public static final int CP0 = 64;

    private static final int CP0_REGISTERS = 16;

    /** Number, whether an interrupt has been accepted, value. */
    private static final int REGISTER_BYTES = 6;

    private final Cpu[] cpus;
    private final PhysicalMemory memory;
    private final Sys161Board board;
    private final Stops stops;
    private final Consumer<Input> inputs;

    Probe(
            Cpu[] cpus,
            PhysicalMemory memory,
            Sys161Board board,
            Stops stops,
            Consumer<Input> inputs) {
        this.cpus = cpus;
        this.memory = memory;
        this.board = board;
        this.stops = stops;
        this.inputs = inputs;
    }

    /** Where the machine is to stop. */
    public Stops stops() {
        return stops;
    }

    /** A register's value, 0 for those that there are not. */
    public int register(int cpu, int number) {
        Cpu seen = cpus[cpu];
        return switch (number) {
            case HI -> seen.gpr[Cpu.HI];
            case LO -> seen.gpr[Cpu.LO];
            case PC -> seen.pc;
            default ->
                    number < HI
                            ? seen.gpr[number]
                            : number < CP0 ? 0 : seen.cp0().read(number - CP0, 0);
        };
    }

    /** Writes a register; one that is read-only stays as it is. */
    public void setRegister(int cpu, int number, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(REGISTER_BYTES);
        bytes.put((byte) number).put((byte) (cpus[cpu].hasAccepted() ? 1 : 0)).putInt(value);
        inputs.accept(new Input(Input.Kind.REGISTER, cpu, bytes.array()));
    }

    /** The byte at a virtual address as a CPU's kernel would see it now; negative if none is. */
    public int peek(int cpu, int vaddr) {
        long paddr = Mmu.locate(cpus[cpu], vaddr);
        if (paddr < 0) {
            return -1;
        }
        if (isMemory(paddr)) {
            return memory.byteAt((int) paddr);
        }
        long offset = paddr - Lamebus.BASE;
        boolean card = offset >= 0 && offset < Lamebus.BYTES && isOccupied((int) offset);
        return card ? peekDevice((int) offset) : -1;
    }

    private int peekDevice(int offset) {
        try {
            return board.bus().peek(offset & ~3) >>> 8 * (3 - (offset & 3)) & 0xff;
        } catch (BusError e) {
            return -1;
        }
    }

    private boolean isOccupied(int offset) {
        return board.bus().device(offset / Lamebus.SLOT_BYTES) != null;
    }

    private boolean isMemory(long paddr) {
        return paddr < memory.sizeBytes() || paddr <= Integer.MAX_VALUE && board.isRom((int) paddr);
    }

    /** Writes RAM, all of it or, if some of it is not RAM, nothing; says whether it did. */
    public boolean poke(int cpu, int vaddr, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            long paddr = Mmu.locate(cpus[cpu], vaddr + i);
            if (paddr < 0 || paddr >= memory.sizeBytes()) {
                return false;
            }
        }
        for (int i = 0; i < bytes.length; ) {
            int inPage = Math.min(bytes.length - i, 0x1000 - (vaddr + i & 0xfff));
            ByteBuffer input = ByteBuffer.allocate(Integer.BYTES + inPage);
            input.putInt((int) Mmu.locate(cpus[cpu], vaddr + i)).put(bytes, i, inPage);
            inputs.accept(new Input(Input.Kind.MEMORY, 0, input.array()));
            i += inPage;
        }
        return true;
    }

    /** Carries out what a debugger wrote, now or when the journal was made. */
    void apply(Input input) {
        ByteBuffer bytes = ByteBuffer.wrap(input.bytes());
        if (input.kind() == Input.Kind.MEMORY) {
            int paddr = bytes.getInt();
            memory.put(paddr, Arrays.copyOfRange(input.bytes(), Integer.BYTES, bytes.capacity()));
            return;
        }
        Cpu cpu = cpus[input.slot()];
        int number = bytes.get();
        boolean accepted = bytes.get() != 0;
        int value = bytes.getInt();
        if (accepted && !cpu.hasAccepted()) {
            cpu.takeInterrupt(); // as when the debugger looked
        }
        set(cpu, number, value);
    }

    private void set(Cpu cpu, int number, int value) {
        switch (number) {
            case 0 -> {}
            case HI -> cpu.gpr[Cpu.HI] = value;
            case LO -> cpu.gpr[Cpu.LO] = value;
            case PC -> {
                cpu.pc = value;
                cpu.npc = value + 4;
                cpu.inSlot = false;
            }
            default -> {
                if (number < HI) {
                    cpu.gpr[number] = value;
                } else if (number >= CP0 && number < CP0 + CP0_REGISTERS) {
                    Cp0.Effect effect = cpu.cp0().write(number - CP0, 0, value);
                    if (effect == Cp0.Effect.ADDRESS_SPACE) {
                        memory.maps().dropAll(); // it may not be the CPU they serve
                    }
                }
            }
        }
    }
}
