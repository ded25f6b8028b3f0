package kseg.engine.compile;

/** What a family's engines have executed where, since it was created. Not part of any state. */
final class TierCounters {
    /** Steps executed by regions, and by the interpreter's loop. */
    long compiledSteps;

    long interpretedSteps;

    /** How often the engine entered a region; regions that call each other are not counted. */
    long entered;

    /** How often it came back before something not ordinary, or because the budget was short. */
    long stopped;

    /** Regions asked for, installed, found stale when ready, and removed. */
    long requested;

    long installed;
    long stale;
    long removed;

    /** Bytes of bytecode installed. */
    long bytecodes;
}
