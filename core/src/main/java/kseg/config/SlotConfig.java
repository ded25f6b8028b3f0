package kseg.config;

/** A device and the LAMEbus slot it sits in, 0 to 31. */
public record SlotConfig(int slot, DeviceConfig device) {}
