package kseg.oracle;

import java.util.Collections;
import java.util.List;

/**
 * A piece of a random program that makes sense by itself and is only ever entered at its start. It
 * may be replaced by as many no-operations without moving what follows.
 */
sealed interface Item {
    /** The number of words. */
    int size();

    /** The words, for an item at vaddr {@code here} that transfers control to {@code target}. */
    List<Integer> words(int here, int target);

    /** Words that do not depend on where they are. */
    record Plain(List<Integer> code) implements Item {
        static Plain nops(int size) {
            return new Plain(Collections.nCopies(size, 0));
        }

        @Override
        public int size() {
            return code.size();
        }

        @Override
        public List<Integer> words(int here, int target) {
            return code;
        }
    }

    /** A branch and its delay slot. */
    record Branch(int word, int delaySlot) implements Item {
        @Override
        public int size() {
            return 2;
        }

        @Override
        public List<Integer> words(int here, int target) {
            return List.of(word | target - (here + 4) >> 2 & 0xffff, delaySlot);
        }
    }

    /** A J or JAL and its delay slot. */
    record Jump(int word, int delaySlot) implements Item {
        @Override
        public int size() {
            return 2;
        }

        @Override
        public List<Integer> words(int here, int target) {
            return List.of(word | target >>> 2 & 0x3ff_ffff, delaySlot);
        }
    }

    /** LUI and ORI of the target, JR or JALR and its delay slot. */
    record RegisterJump(int lui, int ori, int word, int delaySlot) implements Item {
        @Override
        public int size() {
            return 4;
        }

        @Override
        public List<Integer> words(int here, int target) {
            return List.of(lui | target >>> 16, ori | target & 0xffff, word, delaySlot);
        }
    }
}
