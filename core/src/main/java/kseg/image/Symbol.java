package kseg.image;

/**
 * A name the linker gave to an address.
 *
 * @param bytes size of the thing named, 0 if unknown
 * @param function whether it is code
 */
public record Symbol(String name, int vaddr, long bytes, boolean function) {}
