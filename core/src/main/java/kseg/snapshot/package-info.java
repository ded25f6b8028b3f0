/**
 * Complete machine state: how it is written, read, hashed and kept. One description of a part's
 * state serves snapshot, fork and state hash, so that nothing can be in one and not in the other. A
 * {@link kseg.snapshot.StateWriter} is used by the machine's owner only.
 */
@NullMarked
package kseg.snapshot;

import org.jspecify.annotations.NullMarked;
