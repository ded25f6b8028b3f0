package kseg.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import kseg.config.DeviceConfig.DiskConfig;
import kseg.config.DeviceConfig.EmufsConfig;
import kseg.config.SlotConfig;
import kseg.config.Sys161Config;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.device.DiskGeometry;
import kseg.host.ConfinedDirectory;
import kseg.host.DiskImage;
import kseg.port.BlockStore;
import kseg.port.HostFailureException;
import kseg.port.HostFiles;
import org.jspecify.annotations.Nullable;

/** The files and directories of the host that a machine's cards use, opened before it starts. */
final class HostDevices implements AutoCloseable {
    private final Map<Integer, DiskImage> disks = new LinkedHashMap<>();
    private final Map<Integer, ConfinedDirectory> directories = new LinkedHashMap<>();

    private HostDevices() {}

    /**
     * Opens everything a configuration names.
     *
     * @param unconfined whether guests may leave the directories they are given
     */
    static HostDevices open(Host host, Sys161Config config, boolean unconfined)
            throws UserErrorException {
        HostDevices devices = new HostDevices();
        try {
            for (SlotConfig slot : config.slots()) {
                devices.open(host, slot, unconfined);
            }
            return devices;
        } catch (UserErrorException e) {
            devices.close();
            throw e;
        }
    }

    private void open(Host host, SlotConfig slot, boolean unconfined) throws UserErrorException {
        switch (slot.device()) {
            case DiskConfig disk -> {
                Path file = host.path(disk.file());
                DiskImage image = DiskImage.open(file, disk.createSectors(), disk.paranoid());
                disks.put(slot.slot(), image);
                checkGeometry(file, image.sectors());
            }
            case EmufsConfig emufs -> {
                Path directory = host.path(emufs.dir());
                directories.put(
                        slot.slot(),
                        unconfined
                                ? ConfinedDirectory.unconfined(directory)
                                : ConfinedDirectory.of(directory));
            }
            default -> {}
        }
    }

    /** Whether the mechanics of a System/161 disk can hold so many sectors. */
    static void checkGeometry(Path file, long sectors) throws UserErrorException {
        try {
            new DiskGeometry((int) sectors);
        } catch (IllegalArgumentException e) {
            String hint = "make it larger: kseg disk resize " + file + " 5M";
            String what = String.valueOf(e.getMessage());
            throw new UserErrorException(new UserError.Host(file.toString(), what, hint));
        }
    }

    BlockStore disk(int slot) {
        return opened(disks.get(slot), slot);
    }

    HostFiles files(int slot) {
        return opened(directories.get(slot), slot);
    }

    private static <T> T opened(@Nullable T device, int slot) {
        if (device == null) {
            throw new IllegalStateException("nothing was opened for slot " + slot);
        }
        return device;
    }

    /** Closes all, so that a disk that cannot be merged does not keep the others from it. */
    @Override
    public void close() {
        HostFailureException failure = null;
        for (DiskImage disk : disks.values()) {
            try {
                disk.close();
            } catch (HostFailureException e) {
                failure = e;
            }
        }
        for (ConfinedDirectory directory : directories.values()) {
            directory.close();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
