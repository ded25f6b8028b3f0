/**
 * One processor: registers, coprocessor 0, TLB, exceptions and interrupts, address translation.
 * Everything guest-visible of a CPU is here and is saved from here. Nothing here knows which engine
 * runs it. Used by the thread that owns the machine.
 */
@NullMarked
package kseg.cpu;

import org.jspecify.annotations.NullMarked;
