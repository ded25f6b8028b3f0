package kseg.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The words a configuration line may name a device by, and the options each device takes. */
enum DeviceKind {
    MAINBOARD("mainboard", "ramsize=", "cpus=", "cores="),
    OLD_MAINBOARD("oldmainboard", "ramsize="),
    /** What System/161 1.x called the old mainboard. */
    BUSCTL("busctl", "ramsize="),
    TIMER("timer"),
    DISK("disk", "file=", "rpm=", "sectors=", "size=", "paranoid", "nodoom", "doom"),
    SERIAL("serial"),
    SCREEN("screen"),
    NIC("nic", "hwaddr=", "hub="),
    EMUFS("emufs", "dir="),
    TRACE("trace"),
    RANDOM("random", "seed=", "autoseed");

    static final List<String> WORDS = Arrays.stream(values()).map(k -> k.word).toList();

    final String word;

    /** Option names; those that end in '=' take a value. */
    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    final List<String> options;

    DeviceKind(String word, String... options) {
        this.word = word;
        this.options = List.of(options);
    }

    static Optional<DeviceKind> named(String word) {
        return Arrays.stream(values()).filter(k -> k.word.equals(word)).findFirst();
    }

    boolean isBoard() {
        return this == MAINBOARD || this == OLD_MAINBOARD || this == BUSCTL;
    }

    /** Whether System/161 ignores whatever arguments the device is given. */
    boolean ignoresArguments() {
        return this == TIMER || this == SERIAL;
    }
}
