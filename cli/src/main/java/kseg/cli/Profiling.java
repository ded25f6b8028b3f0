package kseg.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kseg.config.UserErrorException;
import kseg.engine.trace.Profile;
import kseg.host.HostErrors;
import kseg.image.ElfImage;
import kseg.image.Symbol;
import kseg.image.SymbolTable;
import kseg.machine.Machine;
import org.jspecify.annotations.Nullable;

/** The profile of a run, if there is one, and the files it becomes. */
final class Profiling {
    /** Where gprof and System/161 have it. */
    private static final String GMON_FILE = "gmon.out";

    private static final int GMON_VERSION = 1;
    private static final int SAMPLES_PER_SECOND = 1000;
    private static final int MOST_SAMPLES = 0xffff;
    private static final int NAME_BYTES = 15;

    private final Host host;
    private final TraceOptions options;
    private final ElfImage kernel;
    private final @Nullable Profile profile;

    private Profiling(Host host, TraceOptions options, ElfImage kernel, @Nullable Profile profile) {
        this.host = host;
        this.options = options;
        this.kernel = kernel;
        this.profile = profile;
    }

    /** Begins to profile the kernel's code, if that is wanted. sys161 has no profile. */
    static Profiling start(
            Host host, Face face, TraceOptions options, ElfImage kernel, Machine machine) {
        boolean wanted = face != Face.SYS161 && options.profile || options.folded != null;
        List<ElfImage.Segment> code =
                kernel.segments().stream().filter(s -> s.loadable() && s.executable()).toList();
        if (!wanted || code.isEmpty()) {
            return new Profiling(host, options, kernel, null);
        }
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (ElfImage.Segment segment : code) {
            low = Math.min(low, segment.vaddr());
            high = Math.max(high, segment.vaddr() + segment.copyBytes());
        }
        return new Profiling(host, options, kernel, machine.profile(low, high));
    }

    /** Writes the files; answers what is to be said of it, as System/161 does. */
    List<String> finish() throws UserErrorException {
        Profile seen = profile;
        if (seen == null) {
            return List.of();
        }
        if (options.folded != null) {
            String text = folded(seen.stacks(), kernel.symbols());
            write(host.path(options.folded), text.getBytes(StandardCharsets.UTF_8));
        }
        if (!options.profile) {
            return List.of();
        }
        byte[] gmon = gmon(seen);
        write(host.path(GMON_FILE), gmon);
        return List.of(gmon.length + " bytes written to " + GMON_FILE);
    }

    private static void write(Path file, byte[] bytes) throws UserErrorException {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw HostErrors.of(file, e, "");
        }
    }

    /** The format of GNU gprof: a header, the samples, the calls; all big-endian. */
    static byte[] gmon(Profile profile) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeBytes("gmon");
            out.writeInt(GMON_VERSION);
            out.write(new byte[12]);
            int[] samples = profile.samples();
            out.writeByte(0);
            out.writeInt(profile.low());
            out.writeInt(profile.high());
            out.writeInt(samples.length);
            out.writeInt(SAMPLES_PER_SECOND);
            out.writeBytes("seconds");
            out.write(new byte[NAME_BYTES - "seconds".length()]);
            out.writeByte('s');
            for (int count : samples) {
                out.writeShort(Math.min(count, MOST_SAMPLES));
            }
            for (Map.Entry<Profile.Arc, Integer> arc : profile.arcs().entrySet()) {
                out.writeByte(1);
                out.writeInt(arc.getKey().from());
                out.writeInt(arc.getKey().to());
                out.writeInt(arc.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be written", e);
        }
        return bytes.toByteArray();
    }

    /** A line for each stack: functions, outermost first, with semicolons between, and a count. */
    static String folded(Map<List<Integer>, Integer> stacks, SymbolTable symbols) {
        Map<String, Integer> lines = new TreeMap<>();
        stacks.forEach((stack, count) -> {
            String functions =
                    stack.stream()
                            .map(vaddr -> function(vaddr, symbols))
                            .collect(Collectors.joining(";"));
            lines.merge(withoutRepeatedEnd(functions), count, Integer::sum);
        });
        StringBuilder text = new StringBuilder();
        lines.forEach((stack, count) -> text.append(stack).append(' ').append(count).append('\n'));
        return text.toString();
    }

    /** The place sampled is mostly in the function called last. */
    private static String withoutRepeatedEnd(String functions) {
        int last = functions.lastIndexOf(';');
        int before = functions.lastIndexOf(';', last - 1);
        return last > 0
                        && functions
                                .substring(before + 1, last)
                                .equals(functions.substring(last + 1))
                ? functions.substring(0, last)
                : functions;
    }

    private static String function(int vaddr, SymbolTable symbols) {
        return symbols.below(vaddr).map(Symbol::name).orElse("0x" + Integer.toHexString(vaddr));
    }
}
