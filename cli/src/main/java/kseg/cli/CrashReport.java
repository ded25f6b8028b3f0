package kseg.cli;

import kseg.cpu.Cpu;
import kseg.image.SymbolTable;
import kseg.machine.Machine;

/** Says where the processors stand when a guest has come to a bad end. */
final class CrashReport {
    private static final int MOST_CPUS = 8;

    private final Machine machine;
    private final SymbolTable symbols;
    private final Messages messages;

    CrashReport(Machine machine, SymbolTable symbols, Messages messages) {
        this.machine = machine;
        this.symbols = symbols;
        this.messages = messages;
    }

    /** The guest did what the hardware forbids; in System/161's words. */
    void misuse(String reason) {
        messages.say(reason);
        messages.say("You did something the hardware didn't like.");
        messages.say("In real life the machine would hang for no apparent reason,");
        messages.say("or maybe start to act strangely.");
        cpus();
    }

    void deadlock() {
        messages.say("every processor waits, and nothing can ever happen any more");
        cpus();
    }

    /** Where each processor stands. */
    void cpus() {
        for (int i = 0; i < machine.spec().cpus() && i < MOST_CPUS; i++) {
            Cpu cpu = machine.cpu(i);
            if (cpu.enabled) {
                String where = symbols.describe(cpu.pc).map(name -> " in " + name).orElse("");
                String how = cpu.waiting ? ", waiting" : cpu.userMode() ? ", user mode" : "";
                messages.say("  cpu%d at 0x%08x%s%s".formatted(i, cpu.pc, where, how));
            }
        }
    }
}
