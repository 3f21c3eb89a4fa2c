package dev.hearth;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Holds the picture of ARCHITECTURE.md: which package may import which.
class ArrowsTest {
    private static final String ROOT = "dev.hearth";

    /// Each package with what it may import of ours, besides itself.
    private static final Map<String, List<String>> ARROWS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("fastcgi.wire", List.of()),
                            Map.entry("fastcgi", List.of("fastcgi.wire")),
                            Map.entry("http", List.of()),
                            Map.entry("web", List.of("http")),
                            Map.entry("web.json", List.of("http", "web")),
                            Map.entry("web.auth", List.of("http", "web")),
                            Map.entry("web.openapi", List.of("http", "web", "web.json")),
                            Map.entry("gateway", List.of("http", "fastcgi", "fastcgi.wire")),
                            Map.entry("service", List.of("http")),
                            Map.entry("storage", List.of()),
                            Map.entry("program", List.of()),
                            Map.entry("jobs", List.of("storage")),
                            Map.entry("sandbox", List.of()),
                            Map.entry("webhook", List.of("http", "storage")),
                            Map.entry("payment", List.of("http", "storage", "web", "webhook")),
                            Map.entry(
                                    "trace", List.of("http", "web", "jobs", "webhook", "payment")),
                            Map.entry(
                                    "metrics",
                                    List.of(
                                            "http",
                                            "storage",
                                            "web",
                                            "web.json",
                                            "webhook",
                                            "payment")),
                            Map.entry(
                                    "operator",
                                    List.of(
                                            "http",
                                            "storage",
                                            "jobs",
                                            "web",
                                            "web.auth",
                                            "web.json",
                                            "webhook",
                                            "payment",
                                            "jobs",
                                            "metrics"))));

    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ROOT);

    @Test
    void packages_import_only_along_the_arrows() {
        ARROWS.forEach((from, to) ->
                classes()
                        .that(resideInAPackage(name(from)))
                        .should()
                        .onlyDependOnClassesThat(foreignOrIn(from, to))
                        .allowEmptyShould(true)
                        .check(OURS));
    }

    @Test
    void nothing_imports_app_but_the_root() {
        noClasses()
                .that(resideInAPackage(ROOT + ".."))
                .and(DescribedPredicate.not(resideInAnyPackage(ROOT, name("app"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT, name("app")))
                .check(OURS);
    }

    @Test
    void what_is_for_tests_is_not_loaded_by_a_server() {
        DescribedPredicate<JavaClass> forTests =
                DescribedPredicate.describe(
                        "for tests of applications",
                        type ->
                                type.getName().startsWith(ROOT + ".Test")
                                        || type.getName().startsWith(name("app.InProcessSite"))
                                        || type.getName().startsWith(name("app.WorkWatch")));
        noClasses()
                .that(DescribedPredicate.not(forTests))
                .should()
                .dependOnClassesThat(forTests)
                .check(OURS);
    }

    @Test
    void every_package_has_its_place_in_the_picture() {
        TreeSet<String> known = new TreeSet<>(List.of(ROOT, name("app")));
        ARROWS.keySet().forEach(each -> known.add(name(each)));

        assertThat(OURS).extracting(JavaClass::getPackageName).isSubsetOf(known);
    }

    @Test
    void every_package_is_null_marked() {
        assertThat(OURS)
                .allSatisfy(type ->
                        assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
                                .as(type.getPackageName())
                                .isTrue());
    }

    private static DescribedPredicate<JavaClass> foreignOrIn(String from, List<String> to) {
        return DescribedPredicate.describe(
                "not ours, or in " + from + " or " + to,
                type ->
                        !type.getPackageName().startsWith(ROOT)
                                || type.getPackageName().equals(name(from))
                                || to.stream()
                                        .anyMatch(
                                                each -> type.getPackageName().equals(name(each))));
    }

    private static String name(String shortName) {
        return ROOT + "." + shortName;
    }
}
