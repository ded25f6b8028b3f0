/** The command line. */
module kseg.cli {
    requires static org.jspecify;
    requires kseg.core;
    requires kseg.debug;
    requires kseg.host;
    requires info.picocli;
    requires jdk.jfr;

    // picocli sets the fields of command classes by reflection.
    opens kseg.cli to
            info.picocli;
}
