/** The command line. */
module kseg.cli {
    requires static org.jspecify;
    requires kseg.core;
    requires kseg.host;
    requires info.picocli;

    // picocli sets the fields of command classes by reflection.
    opens kseg.cli to
            info.picocli;
}
