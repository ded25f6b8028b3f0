/**
 * Machine time: the event queue, the clock devices see, and the seeded generators that are the only
 * source of chance. Times are nanoseconds of machine time since power-on (a serial character takes
 * 20,833 ns, and not every clock has 40 ns cycles). Nothing here knows the wall clock. Everything
 * belongs to the thread that owns the machine.
 */
@NullMarked
package kseg.time;

import org.jspecify.annotations.NullMarked;
