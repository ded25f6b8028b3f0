package kseg.engine.compile;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import kseg.cpu.Cpu;
import kseg.cpu.PreciseStep;
import kseg.isa.Insn;
import kseg.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * What a generated class is linked to: handed to it as class data and read into its {@code static
 * final} fields, so that HotSpot sees constants. The maps as parameters would be 11 to 18 % slower
 * (DESIGN.md section 3).
 *
 * @param memory the frame pool
 * @param read page map of the region's mode, for loads and fetches
 * @param write page map of the region's mode, for stores
 * @param jumps where an indirect jump that leaves the region leaves a note
 * @param slots the regions it calls directly
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, shared on purpose
record Linkage(byte[] memory, int[] read, int[] write, Jumps jumps, Slot[] slots) {
    /** A place in a region's class that stands for "whatever is compiled for this address". */
    static final class Slot {
        final int pc;
        Region region = Region.ABSENT;

        Slot(int pc) {
            this.pc = pc;
        }
    }

    /**
     * A reason to compile a region again.
     *
     * @param what address of the block whose accesses straddle, or {@link Jumps#ENDS_SOON} and of a
     *     loop
     */
    record Flaw(Region region, int what) {}

    /**
     * What the regions of one mode ask for while they run; where their indirect calls lead, and a
     * note of the latest indirect jump that left.
     */
    @SuppressWarnings("ReferenceEquality") // the very same array
    static final class Jumps {
        private static final int SIZE = 4096;

        private static final VarHandle MOVED_TO = field("movedTo");

        /** Compile again after so many. */
        private static final int STRADDLES = 50;

        /** Added to a loop's address: not worth a second copy. */
        static final int ENDS_SOON = 2;

        /** Compile a loop without its second copy when it has run so few rounds ... */
        private static final int FEW_ROUNDS = 10;

        /**
         * Or when pointers' translations have changed so often, and once more in so many rounds ...
         */
        private static final int MOVES = 16;

        private static final int ROUNDS_PER_MOVE = 8;

        /** ... as often as this in a row. */
        private static final int BRIEFS = 30;

        /** Address of an indirect jump that left its region, or of a call; 0 for none. */
        int from;

        /** Its target. */
        int target;

        @Nullable Region region;

        /** Whose accesses that share a translation have crossed a page's end; null for nobody's. */
        @Nullable Region straddler;

        /** Address of their block. */
        int straddling;

        /** The machine's, while its regions run. */
        @Nullable PreciseStep precise;

        /** The budget when {@code cpu.cycles} was last right. */
        int budget;

        /** A region has left behind an instruction that may have changed anything. */
        boolean stepped;

        /** What has been noticed since the engine looked. */
        final Set<Flaw> flaws = new LinkedHashSet<>();

        /** Slots by address; of two with the same place the later one. */
        private final Slot[] slots = new Slot[SIZE];

        private TierCounters counters = new TierCounters();

        Jumps() {
            Arrays.fill(slots, new Slot(-1));
        }

        /** Serves another family from now on. */
        void begin(TierCounters others) {
            counters = others;
            from = 0;
            region = null;
            straddler = null;
            precise = null;
            stepped = false;
            flaws.clear();
        }

        private static VarHandle field(String name) {
            try {
                return MethodHandles.lookup().findVarHandle(Region.class, name, int.class);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no field " + name, e);
            }
        }

        void add(Slot slot) {
            slots[slot.pc >>> 2 & SIZE - 1] = slot;
        }

        /**
         * Executes a local instruction: {@link PreciseStep#local}.
         *
         * @param left the region's budget, from which {@code executed} steps have not been taken
         */
        boolean local(Cpu cpu, int word, int left, int executed) {
            return Objects.requireNonNull(precise).local(cpu, word, budget - left + executed);
        }

        /** The same for an instruction of coprocessor 0, in kernel mode. */
        boolean system(Cpu cpu, Insn insn, int word, int left, int executed) { // hot
            int ahead = budget - left + executed;
            return Objects.requireNonNull(precise).localSystem(cpu, insn, word, ahead);
        }

        /**
         * Has {@link PreciseStep} execute, in full, an instruction whose CPU has all its state.
         *
         * @param left the region's budget, from which {@code executed} steps have not been taken
         * @return whether it did and concerned nobody else, so that the region can go on behind it
         */
        boolean step(Cpu cpu, int word, int left, int executed) { // hot
            PreciseStep step = Objects.requireNonNull(precise);
            cpu.retired(budget - left + executed);
            budget = left - executed;
            long cycles = cpu.cycles;
            long stopAt = cpu.stopAt;
            int behind = cpu.pc + 4;
            PhysicalMemory memory = step.mmu().memory();
            byte[] bytes = memory.bytes();
            long epoch = memory.maps().epoch();
            long overwritten = counters.overwritten;
            step.stepOf(cpu, word);
            budget -= (int) (cpu.cycles - cycles);
            stepped =
                    cpu.pc != behind
                            || cpu.stopAt != stopAt
                            || cpu.userMode()
                            || cpu.interruptDue()
                            || bytes != memory.bytes()
                            || epoch != memory.maps().epoch()
                            || overwritten != counters.overwritten;
            return !stepped;
        }

        /** Looks at what the last region noted: whether its accesses crossed a page's end. */
        void settle() {
            Region noted = straddler;
            if (noted == null) {
                return;
            }
            straddler = null;
            if (++noted.straddles >= STRADDLES) {
                noted.straddles = 0;
                flaws.add(new Flaw(noted, straddling));
            }
        }

        /**
         * The translation of a pointer is another than that of its last value.
         *
         * @return {@code entry}, on a way that HotSpot does not see through
         */
        int moved(Region region, int entry) { // hot
            region.moved++;
            MOVED_TO.setOpaque(region, entry);
            return (int) MOVED_TO.getOpaque(region);
        }

        /** Control has left a loop's second copy after so many rounds. */
        void ran(Region region, int loop, int head, int rounds) { // hot
            boolean moves = region.moved > MOVES + rounds / ROUNDS_PER_MOVE;
            region.moved = 0;
            if (rounds >= FEW_ROUNDS && !moves) {
                region.briefs[loop] = 0;
            } else if (++region.briefs[loop] >= BRIEFS) {
                region.briefs[loop] = 0;
                flaws.add(new Flaw(region, head | ENDS_SOON));
            }
        }

        /** Notes an indirect jump that leaves a region. */
        void left(Region left, int jump, int to) {
            region = left;
            from = jump;
            target = to;
        }

        /** What is compiled for an indirect call; notes those of functions that may be inlined. */
        Region called(Region caller, int jump, int to) { // hot
            Region callee = find(to);
            if (callee.small && from == 0) {
                left(caller, jump, to);
            }
            return callee;
        }

        private Region find(int pc) { // hot
            Slot slot = slots[pc >>> 2 & SIZE - 1];
            return slot.pc == pc ? slot.region : Region.ABSENT;
        }
    }

    /** The linkage of the class being initialised. */
    static Linkage of(MethodHandles.Lookup lookup) throws IllegalAccessException {
        return MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, Linkage.class);
    }
}
