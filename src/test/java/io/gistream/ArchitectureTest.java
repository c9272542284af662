package io.gistream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The direction of dependencies, and where which library and which side effect is at home. */
@AnalyzeClasses(packages = "io.gistream", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  /** Of each package, which others of ours it may know. {@code cli} may know all. */
  private static final Map<String, Set<String>> MAY_KNOW =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("avro", Set.of()),
              Map.entry("config", Set.of()),
              Map.entry("model", Set.of()),
              Map.entry("summary", Set.of("avro")),
              Map.entry("transcript", Set.of("avro")),
              Map.entry("redaction", Set.of("avro", "config")),
              Map.entry("registry", Set.of("config")),
              Map.entry("serde", Set.of("avro", "registry")),
              Map.entry("kafka", Set.of("config")),
              Map.entry("session", Set.of("avro", "config", "model", "summary")),
              Map.entry(
                  "score", Set.of("avro", "config", "model", "session", "summary", "transcript")),
              Map.entry(
                  "stream",
                  Set.of("avro", "config", "model", "redaction", "serde", "session", "summary")),
              Map.entry(
                  "replay",
                  Set.of(
                      "avro", "config", "kafka", "model", "score", "serde", "session", "stream")),
              Map.entry(
                  "feed", Set.of("avro", "config", "serde", "session", "stream", "transcript")),
              Map.entry("api", Set.of("avro", "config", "feed", "serde", "stream", "transcript")),
              Map.entry(
                  "bench",
                  Set.of(
                      "avro", "config", "kafka", "model", "score", "serde", "session", "stream",
                      "summary"))));

  /** Packages whose results go into values: the same input gives the same bits. */
  private static final String[] DETERMINISTIC =
      packages("config", "model", "redaction", "serde", "session", "summary", "transcript");

  @ArchTest
  static void dependenciesPointOneWay(JavaClasses all) {
    MAY_KNOW.forEach(
        (name, known) -> {
          var unknown = new TreeSet<>(MAY_KNOW.keySet());
          unknown.add("cli");
          unknown.remove(name);
          unknown.removeAll(known);
          noClasses()
              .that()
              .resideInAPackage(ours(name))
              .should()
              .dependOnClassesThat(
                  resideInAPackage("io.gistream")
                      .or(JavaClass.Predicates.resideInAnyPackage(packages(unknown))))
              .as(name + " knows only " + new TreeSet<>(known) + " of ours")
              .allowEmptyShould(true)
              .check(all);
        });
  }

  @ArchTest
  static void everyPackageHasItsPlaceInTheDirection(JavaClasses all) {
    var packages =
        all.stream()
            .map(type -> type.getPackageName().split("\\."))
            .filter(parts -> parts.length > 2 && !parts[2].equals("cli"))
            .map(parts -> parts[2])
            .collect(Collectors.toSet());

    assertThat(packages).as("packages; name a new one in MAY_KNOW").isSubsetOf(MAY_KNOW.keySet());
  }

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.gistream.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theModelRuntimeIsAtHomeInModel =
      onlyIn(ours("model")).dependOnClassesThat(in("ai.onnxruntime", "ai.djl"));

  @ArchTest
  static final ArchRule micronautIsAtHomeInApi =
      onlyIn(ours("api"), ours("cli")).dependOnClassesThat(in("io.micronaut"));

  @ArchTest
  static final ArchRule kafkaIsAtHomeInTheStream =
      onlyIn(
              ours("stream"),
              ours("serde"),
              ours("kafka"),
              ours("feed"),
              ours("replay"),
              ours("bench"),
              ours("api"),
              ours("cli"))
          .dependOnClassesThat(in("org.apache.kafka", "kafka"));

  @ArchTest
  static final ArchRule whatChecksTheStreamsDoesWithoutKafkaStreams =
      noClasses()
          .that()
          .resideInAPackage(ours("replay"))
          .should()
          .dependOnClassesThat(in("org.apache.kafka.streams"));

  @ArchTest
  static final ArchRule avroIsNotKnownToTheModel =
      noClasses()
          .that()
          .resideInAnyPackage(packages("config", "model"))
          .should()
          .dependOnClassesThat(in("org.apache.avro"))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theConsoleIsAtHomeInCli =
      onlyIn("io.gistream", ours("cli"))
          .accessTargetWhere(
              access("System.out, System.err or printStackTrace", ArchitectureTest::isConsole));

  @ArchTest
  static final ArchRule whatGoesIntoAValueComesFromTheInput =
      noClasses()
          .that()
          .resideInAnyPackage(DETERMINISTIC)
          .should()
          .accessTargetWhere(access("the wall clock or chance", ArchitectureTest::isClockOrChance))
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule everyPackageSaysWhereNullMayBe =
      classes()
          .that()
          .resideInAPackage("io.gistream.*..")
          .and()
          .resideOutsideOfPackage(ours("avro"))
          .should(
              be(
                  describe(
                      "in a package that is @NullMarked",
                      type -> type.getPackage().isAnnotatedWith(NullMarked.class))));

  private static boolean isConsole(JavaAccess<?> access) {
    var target = access.getTarget();
    return (target.getName().equals("printStackTrace")
            && access instanceof JavaCall<?> call
            && call.getTarget().getRawParameterTypes().isEmpty())
        || (target.getOwner().isEquivalentTo(System.class)
            && Set.of("out", "err").contains(target.getName()));
  }

  private static boolean isClockOrChance(JavaAccess<?> access) {
    var target = access.getTarget();
    var owner = target.getOwner();
    return switch (target.getName()) {
      case "currentTimeMillis" -> owner.isEquivalentTo(System.class);
      case "now" -> owner.getPackageName().equals("java.time");
      case "random" -> owner.isEquivalentTo(Math.class);
      case "randomUUID" -> true;
      case "current" -> owner.isEquivalentTo(ThreadLocalRandom.class);
      case "<init>" ->
          Set.of("java.util.Random", "java.util.Date", "java.security.SecureRandom")
              .contains(owner.getName());
      default -> false;
    };
  }

  private static DescribedPredicate<JavaAccess<?>> access(
      String description, Predicate<JavaAccess<?>> predicate) {
    return describe(description, predicate);
  }

  /** The beginning of a rule that holds for all packages of ours but these. */
  private static ClassesShould onlyIn(String... homes) {
    return noClasses().that().resideOutsideOfPackages(homes).should();
  }

  private static DescribedPredicate<JavaClass> in(String... libraries) {
    var packages = Arrays.stream(libraries).map(name -> name + "..");
    return JavaClass.Predicates.resideInAnyPackage(packages.toArray(String[]::new));
  }

  private static String[] packages(String... names) {
    return packages(Set.of(names));
  }

  private static String[] packages(Set<String> names) {
    return names.stream().sorted().map(ArchitectureTest::ours).toArray(String[]::new);
  }

  private static String ours(String name) {
    return "io.gistream." + name + "..";
  }
}
