package kseg.device;

import java.util.Arrays;
import kseg.bus.BusError;
import kseg.bus.CardId;
import kseg.bus.CpuControl;
import kseg.bus.Device;
import kseg.bus.InterruptLine;
import kseg.bus.Lamebus;
import kseg.bus.Misuse;
import kseg.bus.Width;
import kseg.snapshot.StateReader;
import kseg.snapshot.StateWriter;
import kseg.time.DeviceClock;

/**
 * The bus controller in slot 31: configuration regions of all slots, interrupt distribution, power,
 * CPU start and stop (System/161 manual, "LAMEbus", devices 10 revision 1 and 1 revision 2).
 *
 * <p>The old, uniprocessor board lacks the CPU registers and the CPU regions. Deviations: CRAM is
 * 256 zeroed bytes (System/161 allocates 128 and lets the rest overrun); power-off cannot be
 * masked.
 */
public final class LamebusController implements Device {
    /** Regions, of configuration and of CPUs, are 1 KB each. */
    private static final int REGION_SHIFT = 10;

    private static final int REGION_MASK = (1 << REGION_SHIFT) - 1;

    /** First CPU region. */
    private static final int CPU_REGIONS = 0x8000;

    // In every slot's configuration region.
    private static final int R_VENDOR = 0x000;
    private static final int R_DEVICE = 0x004;
    private static final int R_REVISION = 0x008;

    // In the controller's own configuration region.
    /** RAM bytes. */
    private static final int R_RAMSZ = 0x200;

    /** Raised lines by slot. */
    private static final int R_IRQS = 0x204;

    /** Power: write 0 to switch off. */
    private static final int R_PWR = 0x208;

    /** Enabled lines, for all CPUs. */
    private static final int R_IRQE = 0x20c;

    /** CPUs present. */
    private static final int R_CPUS = 0x210;

    /** CPUs enabled; setting a bit starts one, clearing it stops it. */
    private static final int R_CPUE = 0x214;

    /** Bit of the CPU that reads. */
    private static final int R_SELF = 0x218;

    // In a CPU region.
    /** Lines enabled for this CPU. */
    private static final int R_CIRQE = 0x000;

    /** Inter-processor interrupt. */
    private static final int R_CIPI = 0x004;

    /** 256 bytes for software; the first word is the CPU's start address, the second its a0. */
    private static final int CRAM = 0x300;

    private static final int CRAM_WORDS = 64;

    private static final int E_POWER_OFF = 0;
    private static final long POWER_OFF_NANOS = 5_000_000;
    private static final int KSEG0 = 0x80000000;

    private final Lamebus bus;
    private final DeviceClock clock;
    private final CpuControl control;
    private final InterruptLine own;
    private final Misuse misuse;
    private final int ramBytes;
    private final boolean old;
    private final boolean asSystem161;
    private final int cpus;

    private int globalEnable = -1;
    private int enabledCpus = 1;
    private int interrupted;
    private int ipis;
    private final int[] cpuEnable;
    private final int[] cram;

    /**
     * @param old the uniprocessor board
     * @param own the controller's own line
     * @param asSystem161 a CPU that was started does not count as enabled, so that it is started
     *     again by every write of its bit; and power-off raises the controller's line
     */
    public LamebusController(
            Lamebus bus,
            DeviceClock clock,
            CpuControl control,
            InterruptLine own,
            Misuse misuse,
            int ramBytes,
            boolean old,
            boolean asSystem161) {
        this.bus = bus;
        this.clock = clock;
        this.control = control;
        this.own = own;
        this.misuse = misuse;
        this.ramBytes = ramBytes;
        this.old = old;
        this.asSystem161 = asSystem161;
        this.cpus = control.cpus();
        this.cpuEnable = new int[cpus];
        Arrays.fill(cpuEnable, -1);
        this.cram = new int[cpus * CRAM_WORDS];
        bus.lines().watch(this::distribute);
    }

    @Override
    public int read(int offset, Width width) {
        if (!readable(offset)) {
            throw BusError.INSTANCE;
        }
        if (old && isOwn(offset) && (offset & REGION_MASK) == R_PWR) {
            misuse.report("Read from LAMEbus controller power register");
        }
        return peek(offset);
    }

    @Override
    public void write(int offset, int value, Width width) {
        if (offset >= CPU_REGIONS) {
            writeCpuRegion(region(offset), offset & REGION_MASK, value);
        } else if (isOwn(offset)) {
            writeOwn(offset & REGION_MASK, value);
        } else {
            throw BusError.INSTANCE;
        }
    }

    @Override
    public int peek(int offset) {
        if (!readable(offset)) {
            return 0;
        }
        int register = offset & REGION_MASK;
        if (offset >= CPU_REGIONS) {
            int cpu = region(offset);
            return switch (register) {
                case R_CIRQE -> cpuEnable[cpu];
                case R_CIPI -> (ipis & 1 << cpu) != 0 ? -1 : 0;
                default -> cram[cramIndex(cpu, register)];
            };
        }
        CardId id = bus.id(region(offset));
        return switch (register) {
            case R_VENDOR -> id == null ? 0 : id.vendor();
            case R_DEVICE -> id == null ? 0 : id.device();
            case R_REVISION -> id == null ? 0 : id.revision();
            case R_RAMSZ -> ramBytes;
            case R_IRQS -> bus.lines().raised();
            case R_PWR -> old ? 0 : -1;
            case R_IRQE -> globalEnable;
            case R_CPUS -> -1 >>> (32 - cpus);
            case R_CPUE -> enabledCpus;
            case R_SELF -> 1 << control.current();
            default -> throw new IllegalStateException("controller register " + register);
        };
    }

    @Override
    public void event(int kind, long argument) {
        if (asSystem161) {
            own.set(true);
        }
        control.powerOff();
    }

    @Override
    public void save(StateWriter out) {
        out.section("controller", 1);
        out.putInt(globalEnable);
        out.putInt(enabledCpus);
        out.putInt(interrupted);
        out.putInt(ipis);
        out.putInts(cpuEnable);
        out.putInts(cram);
    }

    @Override
    public void restore(StateReader in) {
        in.section("controller", 1);
        globalEnable = in.getInt();
        enabledCpus = in.getInt();
        interrupted = in.getInt();
        ipis = in.getInt();
        in.getInts(cpuEnable);
        in.getInts(cram);
    }

    private void writeOwn(int register, int value) {
        switch (register) {
            case R_PWR -> power(value);
            case R_IRQE -> {
                globalEnable = value;
                distribute();
            }
            case R_CPUE -> {
                if (old) {
                    throw BusError.INSTANCE;
                }
                enableCpus(value);
            }
            default -> throw BusError.INSTANCE;
        }
    }

    private void writeCpuRegion(int cpu, int register, int value) {
        if (old || cpu >= cpus) {
            throw BusError.INSTANCE;
        }
        if (register == R_CIRQE) {
            cpuEnable[cpu] = value;
            distribute();
        } else if (register == R_CIPI) {
            int mask = 1 << cpu;
            ipis = value != 0 ? ipis | mask : ipis & ~mask;
            control.ipiLine(cpu, value != 0);
        } else if (isCram(register)) {
            cram[cramIndex(cpu, register)] = value;
        } else {
            throw BusError.INSTANCE;
        }
    }

    private void power(int value) {
        if (value == 0) {
            clock.after(POWER_OFF_NANOS, E_POWER_OFF, 0);
        } else if (!old && value > 0) {
            misuse.report("Invalid power state");
        }
    }

    private void enableCpus(int wanted) {
        for (int cpu = 0; cpu < cpus; cpu++) {
            int mask = 1 << cpu;
            if ((enabledCpus & ~wanted & mask) != 0) {
                enabledCpus &= ~mask;
                control.stop(cpu);
            } else if ((wanted & ~enabledCpus & mask) != 0) {
                enabledCpus |= asSystem161 ? 0 : mask;
                start(cpu);
            }
        }
    }

    private void start(int cpu) {
        int pc = cram[cpu * CRAM_WORDS];
        if ((pc & 3) != 0) {
            misuse.report("Kernel entry point is not properly aligned");
        }
        control.start(cpu, pc & ~3, cram[cpu * CRAM_WORDS + 1], stackTop(cpu));
    }

    /** The kseg0 address of the end of a CPU's region. */
    private static int stackTop(int cpu) {
        int slot = Lamebus.BASE + Lamebus.CONTROLLER_SLOT * Lamebus.SLOT_BYTES;
        return KSEG0 + slot + CPU_REGIONS + (cpu + 1 << REGION_SHIFT);
    }

    /** Drives the CPUs' lines: a CPU is interrupted by any raised line that nobody masks. */
    private void distribute() {
        int active = bus.lines().raised() & globalEnable;
        for (int cpu = 0; cpu < cpus; cpu++) {
            int mask = 1 << cpu;
            boolean now = (active & cpuEnable[cpu]) != 0;
            if (now != ((interrupted & mask) != 0)) {
                interrupted ^= mask;
                control.lamebusLine(cpu, now);
            }
        }
    }

    private boolean readable(int offset) {
        int register = offset & REGION_MASK;
        if (offset >= CPU_REGIONS) {
            boolean known = register == R_CIRQE || register == R_CIPI || isCram(register);
            return !old && region(offset) < cpus && known;
        }
        return switch (register) {
            case R_VENDOR, R_DEVICE, R_REVISION -> true;
            case R_RAMSZ, R_IRQS, R_PWR, R_IRQE -> isOwn(offset);
            case R_CPUS, R_CPUE, R_SELF -> !old && isOwn(offset);
            default -> false;
        };
    }

    private static boolean isOwn(int offset) {
        return offset < CPU_REGIONS && region(offset) == Lamebus.CONTROLLER_SLOT;
    }

    /** Number of the slot or CPU whose region this is. */
    private static int region(int offset) {
        return offset >>> REGION_SHIFT & 31;
    }

    private static boolean isCram(int register) {
        return register >= CRAM;
    }

    private static int cramIndex(int cpu, int register) {
        return cpu * CRAM_WORDS + (register - CRAM >>> 2);
    }
}
