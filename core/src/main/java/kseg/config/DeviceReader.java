package kseg.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kseg.config.Arguments.Spelling;
import kseg.config.DeviceConfig.DiskConfig;
import kseg.config.DeviceConfig.EmufsConfig;
import kseg.config.DeviceConfig.Mainboard;
import kseg.config.DeviceConfig.NicConfig;
import kseg.config.DeviceConfig.RandomConfig;
import kseg.config.DeviceConfig.ScreenConfig;
import kseg.config.DeviceConfig.SerialConfig;
import kseg.config.DeviceConfig.TimerConfig;
import kseg.config.DeviceConfig.TraceConfig;

/**
 * Understands the arguments of one device. After an error the value returned is a placeholder: the
 * error has been recorded, and the configuration will not be built.
 */
final class DeviceReader {
    private static final int PAGE_BYTES = 4096;
    private static final long LEAST_SECTORS = 128;
    private static final long MOST_SECTORS = (1L << 32) / 512 - 1;
    private static final int DEFAULT_RPM = 3600;
    private static final int MOST_RPM = 600_000;
    private static final String DEFAULT_HUB = ".sockets/hub";

    private final int slot;
    private final Arguments arguments;
    private final List<String> notes;

    DeviceReader(int slot, Arguments arguments, List<String> notes) {
        this.slot = slot;
        this.arguments = arguments;
        this.notes = notes;
    }

    DeviceConfig read(DeviceKind kind) {
        return switch (kind) {
            case MAINBOARD -> mainboard();
            case OLD_MAINBOARD, BUSCTL -> new Mainboard(ramBytes(kind.word), 1, true);
            case TIMER -> new TimerConfig();
            case DISK -> disk();
            case SERIAL -> new SerialConfig();
            case SCREEN -> new ScreenConfig();
            case NIC -> nic();
            case EMUFS -> new EmufsConfig(arguments.text("dir=", "."));
            case TRACE -> new TraceConfig();
            case RANDOM -> random();
        };
    }

    private Mainboard mainboard() {
        int cpus =
                (int)
                        arguments
                                .number("cpus=", Spelling.DECIMAL, 1, Sys161Config.MAX_CPUS, "")
                                .orElse(1);
        String oneCore = "every processor has one core; ask for more with cpus=";
        arguments.number("cores=", Spelling.DECIMAL, 1, 1, oneCore);
        return new Mainboard(ramBytes("mainboard"), cpus, false);
    }

    private long ramBytes(String board) {
        String option = "ramsize=";
        String hint = "for example ramsize=4M; " + Numbers.SIZE_SPELLING;
        if (arguments.lastOf(option).isEmpty()) {
            arguments.missing(option, slot + " " + board + " ramsize=4M");
            return PAGE_BYTES;
        }
        OptionalLong size = arguments.number(option, Spelling.SIZE, 0, Long.MAX_VALUE, hint);
        if (size.isEmpty()) {
            return PAGE_BYTES;
        }
        long bytes = size.getAsLong();
        if (bytes == 0) {
            arguments.wrong(option, "no system memory: ramsize is 0", hint);
        } else if (bytes > Sys161Config.MAX_RAM_BYTES) {
            String most = Numbers.showSize(Sys161Config.MAX_RAM_BYTES);
            String what = "system memory of " + Numbers.showSize(bytes) + " is too large";
            arguments.wrong(option, what, "at most " + most + " fit below the boot ROM");
        } else if (bytes % PAGE_BYTES != 0) {
            long down = bytes - bytes % PAGE_BYTES;
            String pages = Math.max(PAGE_BYTES, down) + " or " + (down + PAGE_BYTES);
            String what =
                    "system memory of " + bytes + " bytes is not a whole number of 4096-byte pages";
            arguments.wrong(option, what, "the nearest sizes that are: " + pages);
        } else {
            return bytes;
        }
        return PAGE_BYTES;
    }

    private DiskConfig disk() {
        String file = arguments.requiredText("file=", slot + " disk file=DISK1.img rpm=7200");
        Optional<Word> doom = arguments.lastOf("doom", "nodoom");
        boolean doomed = doom.isEmpty() || doom.get().text().equals("doom");
        return new DiskConfig(file, rpm(), sectors(), arguments.has("paranoid"), doomed);
    }

    private int rpm() {
        String hint = "common values: 3600, 5400, 7200, 10020, 15000";
        OptionalLong rpm = arguments.number("rpm=", Spelling.DECIMAL, 60, MOST_RPM, hint);
        if (rpm.isPresent() && rpm.getAsLong() % 60 != 0) {
            arguments.wrong("rpm=", "rpm=" + rpm.getAsLong() + " is not a multiple of 60", hint);
        }
        return (int) rpm.orElse(DEFAULT_RPM);
    }

    /** The two spellings of a size from the time when System/161 created its own images. */
    private OptionalLong sectors() {
        Optional<Word> last = arguments.lastOf("sectors=", "size=");
        if (last.isEmpty()) {
            return OptionalLong.empty();
        }
        notes.add(last.get().place() + ": only used if the image is missing: see kseg disk create");
        if (last.get().option().equals("sectors=")) {
            return arguments.number(
                    "sectors=",
                    Spelling.ANY_BASE,
                    LEAST_SECTORS,
                    MOST_SECTORS,
                    "a sector is 512 bytes");
        }
        OptionalLong size =
                arguments.number(
                        "size=",
                        Spelling.SIZE,
                        LEAST_SECTORS * 512,
                        MOST_SECTORS * 512,
                        Numbers.SIZE_SPELLING);
        if (size.isPresent() && size.getAsLong() % 512 != 0) {
            String what =
                    "a disk of "
                            + size.getAsLong()
                            + " bytes is not a whole number of 512-byte sectors";
            arguments.wrong("size=", what, "");
        }
        return size.isPresent() ? OptionalLong.of(size.getAsLong() / 512) : size;
    }

    private NicConfig nic() {
        String hint = "decimal, and different for every machine on the hub";
        if (!arguments.has("hwaddr=")) {
            arguments.missing("hwaddr=", slot + " nic hwaddr=1");
        }
        long hwaddr = arguments.number("hwaddr=", Spelling.DECIMAL, 1, 65534, hint).orElse(1);
        return new NicConfig((int) hwaddr, arguments.text("hub=", DEFAULT_HUB));
    }

    private RandomConfig random() {
        Optional<Word> last = arguments.lastOf("seed=", "autoseed");
        boolean autoseed = last.isPresent() && last.get().option().equals("autoseed");
        String hint = "or write autoseed to have one drawn at every start";
        long seed = arguments.number("seed=", Spelling.ANY_BASE, 0, 0xffff_ffffL, hint).orElse(0);
        return new RandomConfig((int) seed, autoseed);
    }
}
