package kseg.machine;

import java.util.ArrayList;
import java.util.List;
import kseg.cpu.Cpu;
import kseg.port.MessagePort;

/** The registers of a machine as text, for the trace card's dump and for reports. */
public final class MachineDump {
    private static final String[] NAMES = {
        "$0", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6",
        "t7", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp",
        "s8", "ra"
    };
    private static final int PER_LINE = 4;

    private MachineDump() {}

    static void print(Iterable<Cpu> cpus, MessagePort out) {
        for (Cpu cpu : cpus) {
            out.message(
                    "cpu%d: pc %08x next %08x%s, %s mode%s"
                            .formatted(
                                    cpu.index(),
                                    cpu.pc,
                                    cpu.npc,
                                    cpu.inSlot ? " (delay slot)" : "",
                                    cpu.userMode() ? "user" : "kernel",
                                    cpu.running() ? "" : cpu.enabled ? ", waiting" : ", disabled"));
            registers(cpu).forEach(out::message);
        }
    }

    /** The registers of a processor but for its pc. */
    public static List<String> registers(Cpu cpu) {
        List<String> lines = new ArrayList<>();
        for (int first = 0; first < NAMES.length; first += PER_LINE) {
            var line = new StringBuilder("     ");
            for (int i = first; i < first + PER_LINE; i++) {
                line.append(" %3s %08x".formatted(NAMES[i], cpu.gpr[i]));
            }
            lines.add(line.toString());
        }
        lines.add(
                "      hi %08x  lo %08x status %08x cause %08x epc %08x badvaddr %08x"
                        .formatted(
                                cpu.gpr[Cpu.HI],
                                cpu.gpr[Cpu.LO],
                                cpu.cp0().read(12, 0),
                                cpu.cp0().read(13, 0),
                                cpu.cp0().read(14, 0),
                                cpu.cp0().read(8, 0)));
        return lines;
    }
}
