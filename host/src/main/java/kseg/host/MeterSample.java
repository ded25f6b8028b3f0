package kseg.host;

/**
 * What a machine has done by an instant of its time, as System/161's meter reports it: totals over
 * all processors and cards of a kind since power-on.
 *
 * @param nanos machine time
 * @param userStalls cycles in user mode that retired no instruction
 * @param idleCycles of all processors together
 * @param disk sectors read and written
 * @param console characters
 * @param emufs operations
 * @param net frames
 */
public record MeterSample(
        long nanos,
        long kernelInstructions,
        long userInstructions,
        long userStalls,
        long idleCycles,
        long interrupts,
        long exceptions,
        long disk,
        long console,
        long emufs,
        long net) {

    /** The line of the protocol. */
    String line() {
        return "DATA %d %d %d %d %d %d %d %d %d %d %d\r\n"
                .formatted(
                        nanos,
                        kernelInstructions,
                        userInstructions,
                        userStalls,
                        idleCycles,
                        interrupts,
                        exceptions,
                        disk,
                        console,
                        emufs,
                        net);
    }
}
