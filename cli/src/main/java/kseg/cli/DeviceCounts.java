package kseg.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kseg.bus.Device;
import kseg.bus.Lamebus;
import kseg.device.Counts;
import kseg.device.Disk;
import kseg.device.Emufs;
import kseg.device.Nic;
import kseg.device.Screen;
import kseg.device.Serial;
import kseg.machine.Machine;

/** What the cards of a machine have moved so far. */
final class DeviceCounts {
    private DeviceCounts() {}

    /** One card; what is counted depends on its kind. */
    record Card(int slot, String kind, long reads, long writes, long others) {
        boolean is(String wanted) {
            return kind.equals(wanted);
        }
    }

    static List<Card> of(Machine machine) {
        List<Card> cards = new ArrayList<>();
        for (int slot = 0; slot < Lamebus.SLOTS; slot++) {
            Device device = machine.board().bus().device(slot);
            int at = slot;
            if (device != null) {
                counts(device).ifPresent(c -> cards.add(card(at, device, c)));
            }
        }
        return cards;
    }

    /** Everything moved by all cards. */
    static long transfers(Machine machine) {
        return of(machine).stream().mapToLong(c -> c.reads() + c.writes() + c.others()).sum();
    }

    /** What disks and files have moved. */
    static long stored(Machine machine) {
        return of(machine).stream()
                .filter(c -> c.is("disk") || c.is("emufs"))
                .mapToLong(c -> c.reads() + c.writes() + c.others())
                .sum();
    }

    private static Card card(int slot, Device device, Counts counts) {
        return new Card(slot, kind(device), counts.reads(), counts.writes(), counts.others());
    }

    private static Optional<Counts> counts(Device device) {
        return switch (device) {
            case Disk disk -> Optional.of(disk.counts());
            case Emufs emufs -> Optional.of(emufs.counts());
            case Nic nic -> Optional.of(nic.counts());
            case Screen screen -> Optional.of(screen.counts());
            case Serial serial -> Optional.of(serial.counts());
            default -> Optional.empty();
        };
    }

    private static String kind(Device device) {
        return switch (device) {
            case Disk _ -> "disk";
            case Emufs _ -> "emufs";
            case Nic _ -> "net";
            case Screen _ -> "screen";
            case Serial _ -> "console";
            default -> "other";
        };
    }
}
