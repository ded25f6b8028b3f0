/**
 * The host seams: what a device may ask of the world outside, and nothing else. Implementations
 * live in {@code kseg.host}, tests bring scripted doubles. Ports are called by the machine's owner.
 * What a port returns to the guest is an external input, and passes through the {@link
 * kseg.port.HostExchange} so that it is journalled.
 */
@NullMarked
package kseg.port;

import org.jspecify.annotations.NullMarked;
