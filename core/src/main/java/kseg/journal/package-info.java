/**
 * The external inputs of a machine, each at the position at which it took effect. With image,
 * configuration and seed they determine the whole run. Used by the machine's owner.
 */
@NullMarked
package kseg.journal;

import org.jspecify.annotations.NullMarked;
