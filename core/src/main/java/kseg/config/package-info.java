/**
 * What a user asks for, as values: the {@code sys161.conf} grammar, sizes such as {@code 4M}, and
 * the errors a user can make.
 *
 * <p>Everything here works on text that somebody else has read; nothing opens a file. Errors are
 * collected, so that one check of a file names everything that is wrong with it, each with its
 * place and a suggestion.
 *
 * <p>Threads: all types are immutable values or used within one call; anything may be shared.
 */
@NullMarked
package kseg.config;

import org.jspecify.annotations.NullMarked;
