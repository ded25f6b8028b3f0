package kseg.cli;

import java.util.EnumSet;
import java.util.Set;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.port.TraceKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is traced, and where to. */
final class TraceOptions {
    @Option(
            names = "-t",
            paramLabel = "FLAGS",
            description =
                    "Trace what the machine does, each letter a kind: k kernel and u user"
                            + " instructions, j jumps, t TLB, x exceptions, i interrupts, d disks,"
                            + " n network, e emufs. The guest can switch kinds by its trace card.")
    private @Nullable String flags;

    @Option(
            names = "-f",
            paramLabel = "FILE",
            description =
                    "Where the trace goes; - is standard output. Default: standard error. Into a"
                            + " file the console's characters go as well.")
    @Nullable String file;

    @Option(
            names = "-P",
            description =
                    "Profile the kernel, on all processors, and write gmon.out, which gprof reads,"
                            + " when the run ends.")
    boolean profile;

    @Option(
            names = "--folded",
            paramLabel = "FILE",
            description =
                    "Profile the kernel, and write its call stacks into this file, a line for each"
                            + " stack, as flame graphs are made from.")
    @Nullable String folded;

    @Option(
            names = "--trace-format",
            paramLabel = "FORMAT",
            description = "text, System/161's, or json, an object a line. Default: text.")
    Format format = Format.TEXT;

    /** How a trace is written. */
    enum Format {
        TEXT,
        JSON
    }

    /** Whether there is to be a trace, or one that the guest may begin. */
    boolean wanted() {
        return flags != null || file != null;
    }

    /** The kinds to begin with; a letter given twice counts for nothing, as in System/161. */
    Set<TraceKind> kinds() throws UserErrorException {
        Set<TraceKind> kinds = EnumSet.noneOf(TraceKind.class);
        for (char letter : flags == null ? new char[0] : flags.toCharArray()) {
            TraceKind kind = kind(letter);
            if (!kinds.remove(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static TraceKind kind(char letter) throws UserErrorException {
        for (TraceKind kind : TraceKind.values()) {
            if (kind.letter() == letter) {
                return kind;
            }
        }
        String what = "Unknown trace flag " + letter;
        throw new UserErrorException(new UserError.Usage(what, "there are k u j t x i d n e"));
    }
}
