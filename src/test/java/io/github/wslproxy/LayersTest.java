package io.github.wslproxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the layering of the program: imports run downwards only, and each outside library stays in its room. */
class LayersTest {
    private static final String ROOT = "io.github.wslproxy";
    private static final String[] NOUNS = {ROOT + ".forward..", ROOT + ".target.."};
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static final DescribedPredicate<AccessTarget> READS_THE_CLOCK = describe(
            "reads the time of day",
            method -> Set.of(
                                    "java.lang.System.currentTimeMillis",
                                    "java.time.Clock.millis",
                                    "java.time.Clock.instant",
                                    "java.time.Clock.systemUTC",
                                    "java.time.Clock.systemDefaultZone",
                                    "java.util.Calendar.getInstance")
                            .contains(method.getOwner().getName() + "." + method.getName())
                    || (method.getOwner().getPackageName().equals("java.time")
                            && method.getName().equals("now")));

    @Test
    void importsRunDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("main")
                .definedBy(ROOT)
                .layer("cli")
                .definedBy(ROOT + ".cli..")
                .layer("demo")
                .definedBy(ROOT + ".demo..")
                .layer("doctor")
                .definedBy(ROOT + ".doctor..")
                .layer("app")
                .definedBy(ROOT + ".app..")
                .layer("status")
                .definedBy(ROOT + ".status..")
                .layer("config")
                .definedBy(ROOT + ".config..")
                .layer("wsl")
                .definedBy(ROOT + ".wsl..")
                .layer("windows")
                .definedBy(ROOT + ".windows..")
                .layer("os")
                .definedBy(ROOT + ".os..")
                .layer("relays")
                .definedBy(ROOT + ".relay.tcp..", ROOT + ".relay.udp..")
                .layer("relay")
                .definedBy(ROOT + ".relay")
                .layer("nouns")
                .definedBy(NOUNS)
                .whereLayer("main")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("main")
                .whereLayer("demo")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("doctor")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("app")
                .mayOnlyBeAccessedByLayers("cli", "demo", "doctor")
                .whereLayer("status")
                .mayOnlyBeAccessedByLayers("cli", "doctor", "app")
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("cli", "demo", "doctor", "app")
                .whereLayer("wsl")
                .mayOnlyBeAccessedByLayers("cli", "demo", "doctor", "app")
                .whereLayer("windows")
                .mayOnlyBeAccessedByLayers("cli", "doctor", "app")
                .whereLayer("os")
                .mayOnlyAccessLayers("nouns")
                .whereLayer("relays")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("relay")
                .mayOnlyBeAccessedByLayers("cli", "doctor", "app", "status", "relays")
                .check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theTwoRelayRoomsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".relay.tcp..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".relay.udp..")
                .allowEmptyShould(true)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".relay.udp..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".relay.tcp..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingOnTheWayOfAConnectionCallsItsRelay() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".relay.tcp..")
                .and()
                .doNotHaveSimpleName("TcpRelay")
                .should()
                .accessClassesThat()
                .haveSimpleName("TcpRelay")
                .check(CLASSES);
    }

    @Test
    void nettyStaysInTheRelaysAndTheStatusAddress() {
        libraryStaysIn("io.netty..", ROOT + ".relay..", ROOT + ".status..");
    }

    @Test
    void tomlStaysInConfig() {
        libraryStaysIn("org.tomlj..", ROOT + ".config..");
    }

    @Test
    void picocliStaysInCli() {
        libraryStaysIn("picocli..", ROOT + ".cli..");
    }

    @Test
    void qrCodesStayInCliAndStatus() {
        libraryStaysIn("io.nayuki..", ROOT + ".cli..", ROOT + ".status..");
    }

    @Test
    void metricsStayInStatus() {
        libraryStaysIn("io.prometheus..", ROOT + ".status..");
    }

    @Test
    void logbackStaysInApp() {
        libraryStaysIn("ch.qos.logback..", ROOT + ".app..");
    }

    @Test
    void processesStayInTheirRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".os..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class, Process.class)
                .check(CLASSES);
    }

    /** It is asked in one place, so that every room gets the same answer. */
    @Test
    void whichSystemItIsIsDecidedOnce() throws IOException {
        List<String> asking = new ArrayList<>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains("os.name")) {
                    asking.add(file.getFileName().toString());
                }
            }
        }
        assertThat(asking).containsExactly("OperatingSystem.java");
    }

    /** Java before 21 gives -1 for the adapters of VPNs on Windows, which everybody else would have to remember. */
    @Test
    void thePrefixOfANetworkIsReadInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".os.LocalNetwork")
                .should()
                .callMethod(InterfaceAddress.class, "getNetworkPrefixLength")
                .check(CLASSES);
    }

    @Test
    void nounsNeedOnlyTheJdk() {
        noClasses()
                .that()
                .resideInAnyPackage(NOUNS)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(Stream.concat(Stream.of(NOUNS), Stream.of("java..", "org.jspecify.."))
                        .toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineSpeaksToTheStandardStreamsOrEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    /** Whoever sets the clock, or puts the computer to sleep, must not end a link or hold up a timer. */
    @Test
    void timeOfDayIsForPeopleOnlyAndDecidesNothing() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".app.ShareTimer") // A share ends at a time of day.
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".cli.StatusCommand") // How long a share lasts yet, for a person.
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".app.DnsTarget")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".wsl.VmMonitor")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".doctor.PhoneTest")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".relay.RelayStats")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".target.CurrentTarget")
                .should()
                .callMethodWhere(target(READS_THE_CLOCK))
                .orShould()
                .callConstructor(Date.class)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarkedAndExplained() throws IOException {
        Path sources = Path.of("src/main/java");
        List<Path> packages;
        try (var files = Files.walk(sources)) {
            packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
        assertThat(packages).isNotEmpty().allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                .content()
                .contains("@NullMarked")
                .contains("/**"));
    }

    private static void libraryStaysIn(String library, String... rooms) {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }
}
