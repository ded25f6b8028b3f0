/** The machine: a deterministic function of its state and its journal. Needs only java.base. */
module kseg.core {
    requires static transitive org.jspecify;

    exports kseg.bus;
    exports kseg.config;
    exports kseg.device;
    exports kseg.image;
    exports kseg.isa;
    exports kseg.port;
    exports kseg.snapshot;
    exports kseg.time;
}
