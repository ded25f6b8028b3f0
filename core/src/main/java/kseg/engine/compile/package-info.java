/**
 * Compiles hot guest code to JVM bytecode, region by region; HotSpot does the rest. Generated code
 * is verified bytecode over bounds-checked arrays, so whatever its bugs it cannot leave the guest's
 * memory.
 *
 * <p>On the way of a region: {@link Scout} finds its extent as a {@link RegionGraph}, {@link
 * RegionCompiler} translates that to a class file, with a method of its own for each {@link
 * HoistedLoop}, {@link Compiler} defines the class, {@link CodeCache} installs it, {@link
 * CompilingEngine} runs it. Scouting and compiling happen in a thread of their own, all else in the
 * thread that owns the machine; when a region is ready never shows in what the guest does.
 *
 * <p>Classes are linked to a {@link HostWorker}, which outlives the machine: where code that was
 * compiled once turns up again, {@link KnownRegions} has its region.
 */
@NullMarked
package kseg.engine.compile;

import org.jspecify.annotations.NullMarked;
