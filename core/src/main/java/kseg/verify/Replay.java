package kseg.verify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import kseg.cpu.Cpu;
import kseg.isa.Disassembler;
import kseg.isa.Registers;
import kseg.verify.Start.Stop;

/** Runs one scenario on a fresh engine, and explains a difference. */
public final class Replay {
    private static final int SHOWN_STEPS = 16;
    private static final int CP0_REGISTERS = 15;

    private Replay() {}

    /** Empty if the engines agree, else what differs, where, and how the reference came there. */
    public static Optional<String> explain(EngineKit kit, Scenario scenario) {
        var duel = new Duel(scenario.body().processor(), kit, new Duel.Maps(), new Coverage());
        Mismatch mismatch = duel.run(scenario);
        if (mismatch == null) {
            return Optional.empty();
        }
        var text = new StringBuilder();
        text.append(
                "states differ in execution %d after step %d%n"
                        .formatted(mismatch.start() + 1, mismatch.cycle()));
        List<String> reference = lines(duel.reference());
        List<String> subject = lines(duel.subject());
        for (int i = 0; i < reference.size(); i++) {
            if (!reference.get(i).equals(subject.get(i))) {
                text.append(
                        "  reference %s, engine %s%n".formatted(reference.get(i), subject.get(i)));
            }
        }
        int page = duel.subject().differingPage(duel.reference());
        if (page >= 0) {
            appendPage(text, duel, page << 12);
        }
        text.append("the reference's last steps:\n");
        Start start = scenario.starts().get(mismatch.start());
        trace(duel.reference(), scenario.body(), start, mismatch.cycle())
                .forEach(step -> text.append("  ").append(step).append('\n'));
        return Optional.of(text.toString());
    }

    private static void appendPage(StringBuilder text, Duel duel, int paddr) {
        for (int at = paddr; at < paddr + 0x1000; at += 4) {
            int left = duel.reference().word(at);
            int right = duel.subject().word(at);
            if (left != right) {
                text.append(
                        "  reference [%08x] %08x, engine [%08x] %08x%n"
                                .formatted(at, left, at, right));
            }
        }
    }

    private static List<String> lines(Bench bench) {
        List<String> lines = new ArrayList<>();
        Cpu cpu = bench.cpu();
        lines.add("pc %08x".formatted(cpu.pc));
        lines.add("next pc %08x".formatted(cpu.npc));
        lines.add("in delay slot %b".formatted(cpu.inSlot));
        lines.add("step %d".formatted(cpu.cycles));
        lines.add("waiting %b".formatted(cpu.waiting));
        for (int i = 0; i < 32; i++) {
            lines.add("%s %08x".formatted(Registers.name(i), cpu.gpr[i]));
        }
        lines.add("hi %08x".formatted(cpu.gpr[Cpu.HI]));
        lines.add("lo %08x".formatted(cpu.gpr[Cpu.LO]));
        for (int i = 0; i < CP0_REGISTERS; i++) {
            if (cpu.cp0().exists(i, 0)) {
                lines.add("cp0 $%d %08x".formatted(i, cpu.cp0().read(i, 0)));
            }
        }
        for (int i = 0; i < 64; i++) {
            lines.add("tlb %d %08x %08x".formatted(i, cpu.tlb().hi(i), cpu.tlb().lo(i)));
        }
        var counters = cpu.counters();
        lines.add("kernel cycles %d".formatted(counters.kernelCycles()));
        lines.add("user cycles %d".formatted(counters.userCycles()));
        lines.add("kernel retired %d".formatted(counters.kernelRetired()));
        lines.add("user retired %d".formatted(counters.userRetired()));
        lines.add("exceptions %d".formatted(counters.exceptions()));
        lines.add("interrupts %d".formatted(counters.interrupts()));
        lines.add(
                "ll %d, sc %d/%d"
                        .formatted(
                                counters.loadLinked(),
                                counters.storeConditionalOk(),
                                counters.storeConditionalFailed()));
        lines.add("device accesses %d".formatted(bench.deviceAccesses()));
        lines.add("misuse %s".formatted(bench.misuses()));
        return lines;
    }

    /** The last steps before a position. */
    private static Deque<String> trace(Bench bench, Body body, Start start, long end) {
        var steps = new ArrayDeque<String>();
        bench.reset(body, start);
        for (Stop stop : start.stops()) {
            while (bench.cpu().cycles < Math.min(stop.cycle(), end)) {
                if (steps.size() == SHOWN_STEPS) {
                    steps.removeFirst();
                }
                steps.add(step(bench));
                bench.runTo(bench.cpu().cycles + 1);
            }
            if (stop.cycle() >= end) {
                break;
            }
            bench.act(stop);
        }
        return steps;
    }

    private static String step(Bench bench) {
        Cpu cpu = bench.cpu();
        long paddr = bench.mmu().translate(cpu, cpu.pc, false, 3);
        String insn =
                paddr >= 0 && bench.mmu().isMemory(paddr)
                        ? Disassembler.disassemble(bench.word((int) paddr), cpu.pc)
                        : "(cannot be fetched)";
        return "%5d %s %08x%s %s"
                .formatted(
                        cpu.cycles,
                        cpu.userMode() ? "user  " : "kernel",
                        cpu.pc,
                        cpu.inSlot ? " slot" : "     ",
                        insn);
    }
}
