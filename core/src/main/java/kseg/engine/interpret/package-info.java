/**
 * The interpreter: the reference engine. A loop over decoded pages for what is fast, {@link
 * kseg.cpu.PreciseStep} for the rest. Runs on the thread that owns the machine.
 */
@NullMarked
package kseg.engine.interpret;

import org.jspecify.annotations.NullMarked;
