/**
 * What it means to run a CPU: the contract every engine keeps, and the one definition of the steps
 * no engine treats as fast. Engines run on the thread that owns the machine.
 */
@NullMarked
package kseg.engine;

import org.jspecify.annotations.NullMarked;
