/**
 * gdb's remote protocol, as much of it as System/161's stub speaks and a little more: bytes come
 * in, bytes go out, and a machine that stands still is looked at and changed through its probe.
 *
 * <p>Whatever comes in, a client can do no more than the protocol says: what makes no sense is
 * answered with an error. Not thread-safe: the machine's owner.
 */
@NullMarked
package kseg.debug;

import org.jspecify.annotations.NullMarked;
