/**
 * Compiles guest code to JVM bytecode: basic blocks, crudely, to prove that the engine contract
 * needs nothing an interpreter alone can give. Generated code is verified bytecode over
 * bounds-checked arrays, so whatever its bugs it cannot leave the guest's memory. No threads: a
 * block is compiled by the machine's owner when it has become hot.
 */
@NullMarked
package kseg.engine.compile;

import org.jspecify.annotations.NullMarked;
