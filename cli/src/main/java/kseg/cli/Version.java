package kseg.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/** The version that the build gave the module. */
final class Version implements IVersionProvider {
    Version() {}

    static String number() {
        // A named module's package has nothing of the manifest, unless it comes from the AOT cache.
        ModuleDescriptor module = Version.class.getModule().getDescriptor();
        return module == null ? "(not packaged)" : module.rawVersion().orElse("(not packaged)");
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
