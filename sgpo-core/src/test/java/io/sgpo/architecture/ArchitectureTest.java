package io.sgpo.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions between modules and packages, over api, solvers and core together. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sgpo");

  private static final String[] API = {
    "io.sgpo",
    "io.sgpo.dialogue",
    "io.sgpo.follower",
    "io.sgpo.policy",
    "io.sgpo.preference",
    "io.sgpo.run",
    "io.sgpo.spi"
  };

  @Test
  void allThreeModulesAreSeen() {
    assertTrue(CLASSES.contain("io.sgpo.Aligner"));
    assertTrue(CLASSES.contain("io.sgpo.solvers.follower.Followers"));
    assertTrue(CLASSES.contain("io.sgpo.ssapo.SsapoEngine"));
  }

  @Test
  void theApiDependsOnNothingButJavaAndNullnessAnnotations() {
    String[] allowed = new String[API.length + 2];
    System.arraycopy(API, 0, allowed, 0, API.length);
    allowed[API.length] = "java..";
    allowed[API.length + 1] = "org.jspecify.annotations";
    classes()
        .that()
        .resideInAnyPackage(API)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(CLASSES);
  }

  @Test
  void theSolversDoNotKnowTheCore() {
    noClasses()
        .that()
        .resideInAPackage("io.sgpo.solvers..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sgpo.ssapo..",
            "io.sgpo.slhf..",
            "io.sgpo.onpolicy..",
            "io.sgpo.baseline..",
            "io.sgpo.tabular..",
            "io.sgpo.train..",
            "io.sgpo.eval..",
            "io.sgpo.judge..",
            "io.sgpo.lm..",
            "io.sgpo.text..",
            "io.sgpo.checkpoint..",
            "io.sgpo.data..")
        .check(CLASSES);
  }

  @Test
  void onlyModelsAndTextTouchTensors() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.sgpo.lm..", "io.sgpo.text..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void onlyTheHttpJudgeKnowsItsClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sgpo.judge.http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.langchain4j..")
        .check(CLASSES);
  }

  @Test
  void enginesSeePoliciesThroughTheSeamOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.sgpo.ssapo", "io.sgpo.slhf", "io.sgpo.onpolicy", "io.sgpo.baseline", "io.sgpo.eval")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sgpo.tabular..", "io.sgpo.lm..", "io.sgpo.text..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sgpo.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void randomnessIsPassedIn() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void librariesDoNotPrint() {
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }
}
