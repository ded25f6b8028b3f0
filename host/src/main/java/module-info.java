/** Everything that touches the host: the terminal and file-backed ports. */
module kseg.host {
    requires static org.jspecify;
    requires transitive kseg.core;

    exports kseg.host;
}
