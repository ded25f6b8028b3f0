package kseg.machine;

/** Which engine runs a machine; invisible to the guest. */
public enum EngineKind {
    /** The reference. */
    INTERPRETER,
    /** Hot code as JVM bytecode. */
    JIT
}
