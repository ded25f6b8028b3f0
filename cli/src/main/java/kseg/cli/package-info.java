/**
 * The commands a person types. Everything here turns arguments into calls on a machine, and results
 * into text and exit codes.
 *
 * <p>Threads: one thread runs a command from start to end.
 */
@NullMarked
package kseg.cli;

import org.jspecify.annotations.NullMarked;
