/**
 * Watching a CPU step by step: an engine that lets another make one step at a time and shows each
 * to an observer, and the observer that writes System/161's trace; strict machines, which have no
 * engine, tell theirs what they do. Nothing here changes what happens, and nothing here runs while
 * nobody watches. Used by the machine's owner.
 */
@NullMarked
package kseg.engine.trace;

import org.jspecify.annotations.NullMarked;
