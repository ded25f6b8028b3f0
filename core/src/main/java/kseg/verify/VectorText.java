package kseg.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import kseg.isa.CpuModel;
import kseg.isa.Disassembler;
import kseg.isa.Registers;
import kseg.verify.Start.Action;
import kseg.verify.Start.LineChange;
import kseg.verify.Start.Stop;

/**
 * A scenario as text, to be committed and replayed: docs/verification.md describes it. What follows
 * a {@code #} is for people.
 */
public final class VectorText {
    private static final int GAP = 4;
    private static final String HI = "$hi";
    private static final String LO = "$lo";

    private VectorText() {}

    // Writing

    public static String write(Scenario scenario) {
        var text = new StringBuilder();
        Body body = scenario.body();
        Processor processor = body.processor();
        text.append(
                "processor %s %s%n"
                        .formatted(processor.model(), processor.littleEndian() ? "little" : "big"));
        body.firmware().forEach(part -> writePart(text, part));
        body.parts().forEach(part -> writePart(text, part));
        List<Start> starts = scenario.starts();
        for (int i = 0; i < starts.size(); ) {
            int times = 1;
            while (i + times < starts.size() && starts.get(i + times).equals(starts.get(i))) {
                times++;
            }
            writeStart(text, starts.get(i), times);
            i += times;
        }
        return text.toString();
    }

    /** Words that are not zero, with short gaps. */
    private static void writePart(StringBuilder text, Part part) {
        int[] words = part.words();
        int zeros = GAP;
        for (int i = 0; i < words.length; i++) {
            if (words[i] == 0) {
                zeros++;
                continue;
            }
            int paddr = part.paddr() + 4 * i;
            if (zeros >= GAP) {
                text.append("part 0x%08x%n".formatted(paddr));
                zeros = 0;
            }
            for (; zeros > 0; zeros--) {
                text.append("  00000000%n".formatted());
            }
            int vaddr = paddr | Layout.KSEG0;
            String insn = Disassembler.disassemble(words[i], vaddr);
            text.append("  %08x  # %08x: %s%n".formatted(words[i], vaddr, insn));
        }
    }

    private static void writeStart(StringBuilder text, Start start, int times) {
        text.append("start 0x%08x %d%n".formatted(start.pc(), times));
        for (int i = 1; i < Start.REGISTERS; i++) {
            if (start.gpr()[i] != 0) {
                text.append("  gpr %s 0x%08x%n".formatted(name(i), start.gpr()[i]));
            }
        }
        for (int i = 0; i < start.cp0().length; i += 2) {
            text.append("  cp0 %d 0x%08x%n".formatted(start.cp0()[i], start.cp0()[i + 1]));
        }
        int[] tlb = start.tlb();
        for (int i = 0; i < tlb.length; i += 3) {
            text.append("  tlb %d 0x%08x 0x%08x%n".formatted(tlb[i], tlb[i + 1], tlb[i + 2]));
        }
        for (Part poke : start.pokes()) {
            text.append("  poke 0x%08x".formatted(poke.paddr()));
            for (int word : poke.words()) {
                text.append(" 0x%08x".formatted(word));
            }
            text.append('\n');
        }
        for (LineChange line : start.lines()) {
            text.append("  line %d 0x%x %b%n".formatted(line.cycle(), line.line(), line.raised()));
        }
        for (Stop stop : start.stops()) {
            text.append(
                    "  stop %d %s"
                            .formatted(
                                    stop.cycle(), stop.action().name().toLowerCase(Locale.ROOT)));
            if (stop.action() == Action.WRITE) {
                text.append(" 0x%08x 0x%08x".formatted(stop.paddr(), stop.word()));
            }
            text.append('\n');
        }
    }

    private static String name(int register) {
        return register == 32 ? HI : register == 33 ? LO : Registers.name(register);
    }

    // Reading

    /**
     * Reads a scenario.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    public static Scenario read(String text) {
        var reader = new Reader();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            try {
                if (!words[0].isEmpty()) {
                    reader.line(words);
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException("line %d: %s".formatted(number, line), e);
            }
        }
        return reader.scenario();
    }

    private static final class Reader {
        private Processor processor = Processor.SYS161;
        private final List<Part> parts = new ArrayList<>();
        private int paddr;
        private final List<Integer> words = new ArrayList<>();
        private final List<Start> starts = new ArrayList<>();
        private int pc;
        private int times;
        private int[] gpr = new int[Start.REGISTERS];
        private final List<Integer> cp0 = new ArrayList<>();
        private final List<Integer> tlb = new ArrayList<>();
        private final List<Part> pokes = new ArrayList<>();
        private final List<LineChange> lines = new ArrayList<>();
        private final List<Stop> stops = new ArrayList<>();

        void line(String[] is) {
            switch (is[0]) {
                case "processor" ->
                        processor = new Processor(CpuModel.valueOf(is[1]), is[2].equals("little"));
                case "part" -> {
                    finishPart();
                    paddr = number(is[1]);
                }
                case "start" -> {
                    finishPart();
                    finishStart();
                    pc = number(is[1]);
                    times = Integer.parseInt(is[2]);
                }
                case "gpr" -> gpr[register(is[1])] = number(is[2]);
                case "cp0" -> add(cp0, is);
                case "tlb" -> add(tlb, is);
                case "poke" -> {
                    int[] values = numbers(Arrays.copyOfRange(is, 2, is.length));
                    pokes.add(new Part(number(is[1]), values));
                }
                case "line" ->
                        lines.add(
                                new LineChange(
                                        Long.parseLong(is[1]),
                                        number(is[2]),
                                        Boolean.parseBoolean(is[3])));
                case "stop" -> stops.add(stop(is));
                default -> words.add(Integer.parseUnsignedInt(is[0], 16));
            }
        }

        private static Stop stop(String[] is) {
            Action action = Action.valueOf(is[2].toUpperCase(Locale.ROOT));
            boolean write = action == Action.WRITE;
            return new Stop(
                    Long.parseLong(is[1]),
                    action,
                    write ? number(is[3]) : 0,
                    write ? number(is[4]) : 0);
        }

        private static void add(List<Integer> to, String[] is) {
            for (int value : numbers(Arrays.copyOfRange(is, 1, is.length))) {
                to.add(value);
            }
        }

        private static int[] numbers(String[] words) {
            return Arrays.stream(words).mapToInt(Reader::number).toArray();
        }

        private static int number(String text) {
            return Long.decode(text).intValue();
        }

        private static int register(String name) {
            return switch (name) {
                case HI -> 32;
                case LO -> 33;
                default -> Registers.parse(name);
            };
        }

        private void finishPart() {
            if (!words.isEmpty()) {
                parts.add(new Part(paddr, ints(words)));
                words.clear();
            }
        }

        private void finishStart() {
            if (stops.isEmpty()) {
                return;
            }
            var start =
                    new Start(
                            pc,
                            gpr,
                            ints(cp0),
                            ints(tlb),
                            List.copyOf(pokes),
                            List.copyOf(lines),
                            List.copyOf(stops));
            for (int i = 0; i < times; i++) {
                starts.add(start);
            }
            gpr = new int[Start.REGISTERS];
            cp0.clear();
            tlb.clear();
            pokes.clear();
            lines.clear();
            stops.clear();
        }

        private static int[] ints(List<Integer> list) {
            return list.stream().mapToInt(Integer::intValue).toArray();
        }

        Scenario scenario() {
            finishStart();
            if (starts.isEmpty()) {
                throw new IllegalArgumentException("no start with a stop");
            }
            var body = new Body(processor, List.of(), List.copyOf(parts));
            return new Scenario(body, List.copyOf(starts));
        }
    }
}
