package kseg.machine;

/**
 * How pending events are treated.
 *
 * @param leastNanos the least delay of an event
 * @param cancelledStay whether an event that was cancelled stays in the queue, without effect
 */
record EventRules(long leastNanos, boolean cancelledStay) {
    /** An event never takes effect in the cycle that asks for it. */
    static final EventRules EXACT = new EventRules(Timeline.NANOS_PER_CYCLE, false);

    /** System/161 discards a cancelled event when it is due; until then it shapes run chunks. */
    static final EventRules STRICT = new EventRules(0, true);
}
