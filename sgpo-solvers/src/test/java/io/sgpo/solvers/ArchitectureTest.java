package io.sgpo.solvers;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sgpo.solvers");

  /** Mathematics on arrays: no tensors, no I/O, no logging, nothing of the modules above. */
  @Test
  void dependsOnTheApiAndOnMathematicsOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "io.sgpo.solvers..",
                    "io.sgpo.follower",
                    "io.sgpo.policy", // its random streams
                    "io.sgpo.spi",
                    "java.lang..",
                    "java.util..",
                    "org.apache.commons.statistics.distribution",
                    "org.jspecify.annotations",
                    "org.ojalgo..")
                .or(equivalentTo(Serializable.class))) // queries and digests travel in a cluster
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sgpo.solvers.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
