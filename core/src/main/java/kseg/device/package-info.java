/**
 * The devices, one file each, which reads like the device's data sheet: source document, register
 * constants, state, read, write, events, save and restore, in this order. Called by the machine's
 * owner only.
 */
@NullMarked
package kseg.device;

import org.jspecify.annotations.NullMarked;
