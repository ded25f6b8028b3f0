package kseg.verify;

import kseg.isa.CpuModel;

/**
 * What a scenario runs on.
 *
 * @param model of the CPU
 * @param littleEndian byte order of memory accesses
 */
public record Processor(CpuModel model, boolean littleEndian) {
    static final Processor SYS161 = new Processor(CpuModel.MIPS161, false);

    @Override
    public String toString() {
        return model + (littleEndian ? " little-endian" : " big-endian");
    }
}
