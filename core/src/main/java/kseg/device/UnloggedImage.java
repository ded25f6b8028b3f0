package kseg.device;

import kseg.port.BlockStore;

/** A disk image whose writes no host keeps: that of a detached machine. */
public final class UnloggedImage implements BlockStore {
    private final BlockStore image;

    public UnloggedImage(BlockStore image) {
        this.image = image;
    }

    @Override
    public int sectors() {
        return image.sectors();
    }

    @Override
    public void read(int sector, byte[] into) {
        image.read(sector, into);
    }

    /** The sector is in the machine's overlay already. */
    @Override
    public void written(int sector, byte[] data) {}
}
