/**
 * A whole machine: CPUs, memory, board, time and journal put together, and run. A {@link
 * kseg.machine.Machine} belongs to one thread at a time; everything guest-visible is in its state
 * and nothing outside reaches it but through its journal.
 */
@NullMarked
package kseg.machine;

import org.jspecify.annotations.NullMarked;
