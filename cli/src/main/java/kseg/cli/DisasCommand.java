package kseg.cli;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import kseg.config.Nearest;
import kseg.config.Numbers;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.engine.RegionListing;
import kseg.host.HostErrors;
import kseg.image.ElfImage;
import kseg.image.Symbol;
import kseg.isa.Disassembler;
import kseg.machine.Regions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kseg disas}. */
@Command(
        name = "disas",
        header = "Disassemble an ELF file.",
        description = {
            "",
            "Prints address, instruction word and instruction, with the symbols of the file."
                    + " Without options it prints all of the file's code."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  kseg disas kernel --from __start --count 20",
            "  kseg disas kernel --from 0x80000080 --count 8",
            "  kseg disas kernel --from thread_yield          (all of that function)",
            "  kseg disas kernel --from thread_yield --jit    (what the compiler makes of it)"
        })
final class DisasCommand implements Callable<Integer> {
    private static final long MOST_BYTES = 1L << 30;

    private final Host host;

    @Parameters(paramLabel = "FILE", description = "A linked MIPS program or kernel.")
    @SuppressWarnings("NullAway.Init") // required
    private String file;

    @Option(
            names = "--from",
            paramLabel = "ADDRESS|SYMBOL",
            description = "Where to start: 0x80000200, or the name of a function.")
    private @Nullable String from;

    @Option(names = "--count", paramLabel = "N", description = "How many instructions to print.")
    private @Nullable Long count;

    @Option(
            names = "--jit",
            description =
                    "Print the region that the compiler would make of the code at --from (the entry"
                            + " point, if not given): its guest code, block by block, and the"
                            + " bytecode of it all, and the machine code that HotSpot's second compiler"
                            + " makes of that, which takes another JVM some seconds; then the same of"
                            + " each loop that also is a method of its own, rounds0 and so on, for when"
                            + " its addresses are translated beforehand. A running machine may know"
                            + " more targets of jumps and compile more.")
    private boolean jit;

    @Option(
            names = "--call",
            hidden = true,
            description = "With --jit: have the JVM compile the region, print nothing.")
    private boolean call;

    DisasCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws UserErrorException {
        String hint = "build the kernel first, or give its path";
        ElfImage image = ElfImage.parse(HostErrors.read(host.path(file), MOST_BYTES, hint), file);
        if (count != null && count < 0) {
            throw usage("--count " + count + " is negative", "");
        }
        if (image.machine() != ElfImage.EM_MIPS) {
            throw usage(file + " is not a program for MIPS", "");
        }
        if (jit) {
            region(image, from == null ? image.entry() : vaddr(image, from));
        } else if (from == null) {
            everything(image);
        } else {
            some(image, from);
        }
        return ExitCode.POWER_OFF.code();
    }

    private void everything(ElfImage image) {
        long left = count == null ? Long.MAX_VALUE : count;
        for (ElfImage.Segment segment : image.segments()) {
            if (segment.loadable() && segment.executable()) {
                left -= print(image, segment.vaddr(), left);
            }
        }
    }

    private void some(ElfImage image, String start) throws UserErrorException {
        Optional<Symbol> symbol = image.symbols().named(start);
        int vaddr = vaddr(image, start);
        long whole = symbol.map(s -> s.bytes() / 4).filter(n -> n > 0).orElse(Long.MAX_VALUE);
        if (print(image, vaddr, count == null ? whole : count) == 0) {
            throw usage("%s: nothing at 0x%08x".formatted(file, vaddr), "");
        }
    }

    private static int vaddr(ElfImage image, String start) throws UserErrorException {
        Optional<Symbol> symbol = image.symbols().named(start);
        return symbol.isPresent() ? symbol.get().vaddr() : address(image, start);
    }

    private void region(ElfImage image, int pc) throws UserErrorException {
        RegionListing region =
                Regions.compile(image, pc)
                        .orElseThrow(() ->
                                usage(
                                        "nothing to compile at 0x%08x".formatted(pc),
                                        "regions begin with ordinary instructions in code of the file"));
        if (call) {
            Regions.call(region, pc);
            return;
        }
        MachineCode machineCode = null;
        for (RegionListing.Method method : region.methods()) {
            if (!method.equals(region.methods().getFirst())) {
                host.out()
                        .println("\n" + method.name() + ", a loop while it keeps to known pages:");
            }
            method(image, region, method);
            if (host.caller() instanceof OwnProcess) {
                host.out().flush();
                if (machineCode == null) {
                    machineCode = MachineCode.of(ThisJvm.command(), host.path(file), pc);
                }
                machineCode.lines(method.name()).forEach(host.out()::println);
            }
        }
    }

    private void method(ElfImage image, RegionListing region, RegionListing.Method method) {
        for (RegionListing.Block block : method.blocks()) {
            host.out().println(block.entry() ? "block, can be entered:" : "block:");
            print(image, block.pc(), block.instructions());
        }
        host.out().println("\nbytecode, %d bytes:".formatted(method.bytecodes()));
        Bytecode.of(region.classFile(), method.name()).forEach(host.out()::println);
    }

    private static int address(ElfImage image, String text) throws UserErrorException {
        OptionalLong number = Numbers.parse(text);
        if (number.isEmpty()) {
            String fault = image.symbols().fault();
            String hint =
                    Nearest.to(text, image.symbols().names())
                            .map(near -> "did you mean " + near + "?")
                            .orElse(fault.isEmpty() ? "addresses start with 0x" : fault);
            throw usage(image.name() + " has no symbol \"" + text + "\"", hint);
        }
        if (number.getAsLong() > 0xffff_ffffL || number.getAsLong() % 4 != 0) {
            String hint = "instructions are at multiples of 4, below 0x100000000";
            throw usage("\"" + text + "\" is no address of an instruction", hint);
        }
        return (int) number.getAsLong();
    }

    /** Prints up to {@code most} instructions; answers how many there were. */
    private long print(ElfImage image, int start, long most) {
        long printed = 0;
        for (int pc = start; printed < most; pc += 4) {
            Optional<Integer> word = image.word(pc);
            if (word.isEmpty()) {
                break;
            }
            int here = pc;
            image.symbols()
                    .below(pc)
                    .filter(s -> s.vaddr() == here)
                    .ifPresent(s -> host.out().println("\n" + s.name() + ":"));
            String text = Disassembler.disassemble(word.get(), pc);
            host.out().println("%08x: %08x  %s".formatted(pc, word.get(), text));
            printed++;
        }
        return printed;
    }

    private static UserErrorException usage(String what, String hint) {
        return new UserErrorException(new UserError.Usage(what, hint));
    }
}
