package kseg.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import kseg.config.Numbers;
import kseg.config.UserError;
import kseg.config.UserErrorException;
import kseg.host.DiskFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kseg disk create|info|resize}: the work of disk161. */
@Command(
        name = "disk",
        header = "Create, inspect and resize disk images.",
        description = {
            "",
            "Images have System/161's format: a header of 512 bytes, then the sectors. They can be"
                    + " exchanged with disk161 and sys161."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Sizes: a number with an optional suffix: b bytes, s 512-byte sectors, k, m or g.",
            "",
            "Examples:",
            "  kseg disk create DISK1.img 5M",
            "  kseg disk info DISK1.img DISK2.img",
            "  kseg disk resize DISK1.img +1M"
        })
final class DiskCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private DiskCommand() {}

    static CommandLine commandLine(Host host, Face face) {
        CommandLine resize = new CommandLine(new Resize(host, face));
        // -1M is no option.
        resize.setUnmatchedOptionsArePositionalParams(true);
        return new CommandLine(new DiskCommand())
                .addSubcommand(new Create(host, face))
                .addSubcommand(new Show(host, face))
                .addSubcommand(resize);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static long size(String text) throws UserErrorException {
        OptionalLong bytes = Numbers.parseSize(text);
        if (bytes.isEmpty()) {
            String what = "\"" + text + "\" is no size";
            throw new UserErrorException(new UserError.Usage(what, Numbers.SIZE_SPELLING));
        }
        return bytes.getAsLong();
    }

    /** Shows what an image has become, and says so if no machine can use it. */
    private static void report(Host host, Face face, Path file) throws UserErrorException {
        DiskFile.Contents disk = DiskFile.info(file);
        if (face == Face.KSEG) { // disk161 says nothing
            host.out().println(file + ": " + size(disk.bytes()));
        }
        try {
            HostDevices.checkGeometry(file, disk.bytes() / 512);
        } catch (UserErrorException e) {
            host.messages().errors(e);
        }
    }

    private static String size(long bytes) {
        return "%d bytes (%d sectors; %dK; %dM)"
                .formatted(bytes, bytes / 512, bytes >> 10, bytes >> 20);
    }

    /** {@code kseg disk create}. */
    @Command(
            name = "create",
            header = "Make a disk image full of zeros.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "An image takes room on the host only as it is written.",
                "",
                "Examples:",
                "  kseg disk create DISK1.img 5M",
                "  kseg disk create -f DISK1.img 10240s     (start over; s is a sector)"
            })
    static final class Create implements Callable<Integer> {
        private final Host host;
        private final Face face;

        @Option(names = "-f", description = "Overwrite the file if it exists.")
        private boolean force;

        @Parameters(index = "0", paramLabel = "FILE", description = "The image to make.")
        @SuppressWarnings("NullAway.Init") // required
        private String file;

        @Parameters(
                index = "1",
                paramLabel = "SIZE",
                description = "Its size, a multiple of 512 from 64K to just under 4G.")
        @SuppressWarnings("NullAway.Init") // required
        private String size;

        Create(Host host, Face face) {
            this.host = host;
            this.face = face;
        }

        @Override
        public Integer call() throws UserErrorException {
            Path path = host.path(file);
            DiskFile.create(path, size(size), force);
            report(host, face, path);
            return ExitCode.POWER_OFF.code();
        }
    }

    /** {@code kseg disk info}. */
    @Command(
            name = "info",
            aliases = {"stat", "stats", "status"},
            header = "Show the size of disk images.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  kseg disk info DISK1.img DISK2.img"})
    static final class Show implements Callable<Integer> {
        private final Host host;
        private final Face face;

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "Disk images.")
        @SuppressWarnings("NullAway.Init") // required
        private List<String> files;

        Show(Host host, Face face) {
            this.host = host;
            this.face = face;
        }

        @Override
        public Integer call() throws UserErrorException {
            for (String file : files) {
                Path path = host.path(file);
                DiskFile.Contents disk = DiskFile.info(path);
                if (face == Face.DISK161) {
                    host.out().println(path + " size " + size(disk.bytes()));
                    host.out().println(path + " spaceused " + size(DiskFile.spaceUsed(path)));
                } else {
                    host.out().println(path + ": " + size(disk.bytes()));
                }
                if (disk.interruptedWrites() > 0) {
                    host.out()
                            .println(
                                    "%s: and %d sectors from an interrupted run, to be merged at the next use"
                                            .formatted(path, disk.interruptedWrites()));
                }
            }
            return ExitCode.POWER_OFF.code();
        }
    }

    /** {@code kseg disk resize}. */
    @Command(
            name = "resize",
            aliases = "setsize",
            header = "Grow a disk image by zeros, or cut off its end.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  kseg disk resize DISK1.img 10M",
                "  kseg disk resize DISK1.img +512K",
                "  kseg disk resize DISK1.img -1M       (the last megabyte is lost)"
            })
    static final class Resize implements Callable<Integer> {
        private final Host host;
        private final Face face;

        @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
        @SuppressWarnings("NullAway.Init") // required
        private String file;

        @Parameters(
                index = "1",
                paramLabel = "[+|-]SIZE",
                description = "Its new size, or how much larger or smaller it is to be.")
        @SuppressWarnings("NullAway.Init") // required
        private String size;

        Resize(Host host, Face face) {
            this.host = host;
            this.face = face;
        }

        @Override
        public Integer call() throws UserErrorException {
            Path path = host.path(file);
            long bytes =
                    switch (size.isEmpty() ? ' ' : size.charAt(0)) {
                        case '+' -> present(path) + size(size.substring(1));
                        case '-' -> present(path) - size(size.substring(1));
                        default -> size(size);
                    };
            DiskFile.resize(path, bytes);
            report(host, face, path);
            return ExitCode.POWER_OFF.code();
        }

        private static long present(Path path) throws UserErrorException {
            return DiskFile.info(path).bytes();
        }
    }
}
