/** Debuggers' protocols, spoken on behalf of a machine; the host brings the bytes. */
module kseg.debug {
    requires static org.jspecify;
    requires transitive kseg.core;

    exports kseg.debug;
}
