/**
 * The instruction set: one definition of each instruction, and everything derived from it.
 *
 * <p>{@link kseg.isa.Insn} holds the encodings, {@link kseg.isa.Semantics} what they compute;
 * decoder, assembler, disassembler and the table in docs derive from these two. Which exceptions
 * are raised when, delay slots and address translation are the engine's business.
 *
 * <p>Threads: everything here is immutable or static and pure; any thread may use it.
 */
@NullMarked
package kseg.isa;

import org.jspecify.annotations.NullMarked;
