package io.github.wslproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** No case is forgotten: each of the forty has a title and at least one test. */
@Tag("slow")
class CasesTest {
    private static final Set<Integer> FORTY =
            new TreeSet<>(IntStream.rangeClosed(1, 40).boxed().toList());
    private static final List<Class<? extends Annotation>> TESTS =
            List.of(Test.class, ParameterizedTest.class, Property.class);

    @Test
    void eachCaseHasATitle() {
        Map<Integer, String> titles = CasesReport.titles();

        assertThat(titles.keySet()).isEqualTo(FORTY);
        assertThat(titles.values()).doesNotHaveDuplicates();
    }

    @Test
    void eachCaseHasATest() {
        Set<Integer> proven = new TreeSet<>();
        for (JavaClass each : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("io.github.wslproxy")) {
            for (JavaMethod method : each.getMethods()) {
                if (isTest(method)) {
                    Stream.concat(cases(method), cases(each)).forEach(proven::add);
                }
            }
        }

        assertThat(proven).isEqualTo(FORTY);
    }

    @Test
    void whatProvesACaseIsATest() {
        assertThat(new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                                .importPackages("io.github.wslproxy")
                                .stream()
                                .flatMap(each -> each.getMethods().stream())
                                .filter(method -> method.isAnnotatedWith(Case.class))
                                .filter(method -> !isTest(method))
                                .map(JavaMethod::getFullName))
                .isEmpty();
    }

    private static boolean isTest(JavaMethod method) {
        return TESTS.stream().anyMatch(method::isAnnotatedWith);
    }

    private static Stream<Integer> cases(CanBeAnnotated place) {
        return place.isAnnotatedWith(Case.class) ? numbers(place) : Stream.empty();
    }

    private static Stream<Integer> numbers(CanBeAnnotated place) {
        Case found = place instanceof JavaMethod method
                ? method.getAnnotationOfType(Case.class)
                : ((JavaClass) place).getAnnotationOfType(Case.class);
        return IntStream.of(found.value()).boxed();
    }
}
