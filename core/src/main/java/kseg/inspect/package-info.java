/**
 * Looks at a machine that has stopped, for reports and debuggers: memory as a processor sees it,
 * call chains, a description of where everything stands.
 *
 * <p>Nothing here changes a machine or anything its hash covers. What it finds in memory is
 * whatever a broken guest left there: every walk is bounded, and says where it ends for want of
 * knowledge.
 *
 * <p>Threads: the machine's owner.
 */
@NullMarked
package kseg.inspect;

import org.jspecify.annotations.NullMarked;
