/**
 * Files that machines are made of: ELF executables, and what a board's loader accepts of them.
 *
 * <p>Input is never trusted: every offset, size and count is checked against the file before use, a
 * wrong one is a {@link kseg.config.UserError} that names the byte, and work is bounded by the size
 * of the file.
 *
 * <p>Threads: images are immutable; anything may be shared.
 */
@NullMarked
package kseg.image;

import org.jspecify.annotations.NullMarked;
