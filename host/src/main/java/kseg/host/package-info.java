/**
 * The host side of a machine's ports: the terminal, reached by the foreign function interface, and
 * files. Nothing here is guest-visible; what comes from here enters a machine through its journal.
 *
 * <p>Threads: an object belongs to the thread that opened it, except where it says otherwise.
 */
@NullMarked
package kseg.host;

import org.jspecify.annotations.NullMarked;
