/**
 * Guest memory: 4 KB frames in a family's pool, a machine's copy-on-write view of them, and the
 * page maps through which engines reach them. One write barrier ({@link
 * kseg.memory.PhysicalMemory#writableFrame}) stands before every first write to a page, whoever
 * writes. A pool, its machines, snapshots and forks are used by one thread at a time.
 */
@NullMarked
package kseg.memory;

import org.jspecify.annotations.NullMarked;
