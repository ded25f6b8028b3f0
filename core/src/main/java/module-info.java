/** The machine: a deterministic function of its state and its journal. Needs only java.base. */
module kseg.core {
    requires static transitive org.jspecify;

    exports kseg.bus;
    exports kseg.config;
    exports kseg.cpu;
    exports kseg.device;
    exports kseg.engine.interpret;
    exports kseg.engine.trace;
    exports kseg.engine;
    exports kseg.image;
    exports kseg.inspect;
    exports kseg.isa;
    exports kseg.journal;
    exports kseg.machine;
    exports kseg.memory;
    exports kseg.port;
    exports kseg.snapshot;
    exports kseg.time;
    exports kseg.verify;
}
