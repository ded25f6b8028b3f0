package kseg;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules that no reviewer should have to remember: what core may use, and who may know whom. */
class ArchitectureTest {

    /** Packages whose behaviour a guest can see: no clock, no chance, no thread, no files. */
    private static final String[] GUEST_VISIBLE = {
        "kseg.isa..",
        "kseg.memory..",
        "kseg.time..",
        "kseg.cpu..",
        "kseg.engine..",
        "kseg.bus..",
        "kseg.device..",
        "kseg.port..",
        "kseg.journal..",
        "kseg.snapshot..",
        "kseg.machine..",
    };

    /** The compiler's background workers, the one exception to the thread ban. */
    private static final String[] COMPILER = {"kseg.engine.compile.."};

    /** From the ground up. A package knows only its own level's packages and those below it. */
    private static final List<Level> LEVELS =
            List.of(
                    new Level("isa", "kseg.isa.."),
                    new Level("state and seams", "kseg.snapshot..", "kseg.port.."),
                    new Level("memory, time, bus", "kseg.memory..", "kseg.time..", "kseg.bus.."),
                    new Level("cpu", "kseg.cpu.."),
                    new Level("parts", "kseg.engine..", "kseg.device.."),
                    new Level("journal", "kseg.journal.."),
                    new Level("machine", "kseg.machine.."));

    private static final Set<String> TIMES_AND_CHANCE =
            Set.of(
                    "java.lang.System.nanoTime",
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.identityHashCode",
                    "java.lang.System.getProperty",
                    "java.lang.System.getenv",
                    "java.lang.Math.random",
                    "java.lang.Object.hashCode");

    private static JavaClasses core;

    @BeforeAll
    static void read() {
        core =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("kseg");
        assertThat(core).as("classes of core").isNotEmpty();
    }

    @Test
    void coreNeedsOnlyJavaBase() {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat(
                                describe(
                                        "live outside java.base and kseg",
                                        ArchitectureTest::isForeign)));
    }

    @Test
    void nothingGuestVisibleReadsAClockOrDrawsByChance() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(GUEST_VISIBLE)
                        .should()
                        .callMethodWhere(
                                describe(
                                        "target is one of " + TIMES_AND_CHANCE,
                                        call ->
                                                TIMES_AND_CHANCE.contains(
                                                        call.getTargetOwner().getName()
                                                                + "."
                                                                + call.getName()))));
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(GUEST_VISIBLE)
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "java\\.util\\.Random|java\\.util\\.SplittableRandom"
                                        + "|java\\.util\\.random\\..*|java\\.security\\.SecureRandom"
                                        + "|java\\.util\\.UUID|java\\.time\\.(Instant|Clock"
                                        + "|.*DateTime|LocalDate|LocalTime)"));
    }

    @Test
    void nothingGuestVisibleTouchesFilesOrTheNetwork() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(GUEST_VISIBLE)
                        .and()
                        // It reads class files of the engine's own.
                        .doNotHaveSimpleName("MethodBodies")
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage("java.io..", "java.nio.file..", "java.net..")
                                        .and(describe("do I/O", ArchitectureTest::doesIo))));
    }

    @Test
    void nothingGuestVisibleKnowsThreads() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(GUEST_VISIBLE)
                        .and()
                        .resideOutsideOfPackages(COMPILER)
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "java\\.lang\\.(Thread|ThreadLocal|InheritableThreadLocal"
                                        + "|ScopedValue)(\\$.*)?"
                                        + "|java\\.util\\.concurrent\\..*|java\\.util\\.Timer"));
    }

    /**
     * Collections whose order depends on addresses or on a per-JVM salt. {@code HashMap} over
     * strings or integers has a fixed order, but over records with identity hashes it has not, and
     * no rule can tell them apart: guest-visible code uses {@code LinkedHashMap}, {@code TreeMap},
     * {@code EnumMap} or arrays. {@code Map.of} and {@code Set.of} iterate in a salted order.
     */
    @Test
    void nothingGuestVisibleIteratesInHashOrder() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(GUEST_VISIBLE)
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "java\\.util\\.(HashMap|HashSet|Hashtable|IdentityHashMap"
                                        + "|WeakHashMap)"));
    }

    @TestFactory
    Stream<DynamicTest> arrowsPointDown() {
        return LEVELS.stream()
                .map(level -> DynamicTest.dynamicTest(level.name(), () -> checkLevel(level)));
    }

    private static void checkLevel(Level level) {
        String[] above =
                LEVELS.subList(LEVELS.indexOf(level) + 1, LEVELS.size()).stream()
                        .flatMap(l -> l.packages().stream())
                        .toArray(String[]::new);
        if (above.length == 0) {
            return;
        }
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(level.packages().toArray(String[]::new))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above));
    }

    private static boolean isForeign(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        if (element.isPrimitive()) {
            return false;
        }
        String name = element.getPackageName();
        return !(name.startsWith("kseg")
                || name.startsWith("java.lang")
                || name.startsWith("java.util")
                || name.startsWith("java.io")
                || name.startsWith("java.nio")
                || name.startsWith("java.math")
                || name.startsWith("java.security")
                || name.startsWith("java.text")
                || name.startsWith("java.time")
                || name.startsWith("org.jspecify"));
    }

    private static boolean doesIo(JavaClass type) {
        return !Set.of(
                        "java.io.Serializable",
                        "java.io.IOException",
                        "java.io.UncheckedIOException",
                        "java.io.PrintStream")
                .contains(type.getBaseComponentType().getName());
    }

    private static void check(ArchRule rule) {
        // Several rules hold vacuously while a package is still empty.
        rule.allowEmptyShould(true).check(core);
    }

    private record Level(String name, List<String> packages) {
        Level(String name, String... packages) {
            this(name, List.of(packages));
        }
    }
}
