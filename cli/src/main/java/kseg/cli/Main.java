package kseg.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of {@code kseg}. */
@Command(
        name = "kseg",
        description = "A virtual machine monitor for the MIPS R3000.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {

    /** Made by picocli. */
    public Main() {}

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"kseg " + (version == null ? "(not packaged)" : version)};
        }
    }
}
