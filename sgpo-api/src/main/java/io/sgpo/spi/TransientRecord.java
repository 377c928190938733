package io.sgpo.spi;

import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.AnnotatedPair;
import io.sgpo.run.AnswerReport;
import io.sgpo.run.Ending;
import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.RunState;
import io.sgpo.run.StepReport;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The record of a run without a store: only the best policy is kept, in a temporary folder. */
final class TransientRecord implements RunRecord {

  private @Nullable Path folder;
  private @Nullable String latest;

  @Override
  public Optional<Checkpoint> begin(Supplier<String> referenceDigest, Consumer<String> warnings) {
    return Optional.empty();
  }

  @Override
  public void annotations(List<AnnotatedPair> pairs) {}

  @Override
  public void steps(List<StepReport> steps) {}

  @Override
  public void gaps(GapReport gaps) {}

  @Override
  public void answers(AnswerReport answers) {}

  @Override
  public void round(RoundReport round) {}

  @Override
  public void evaluation(EvaluationReport evaluation) {}

  /** Replaces the state that was kept before: there is one best policy. */
  @Override
  public String keep(TrainablePolicy policy, long step) throws IOException {
    if (folder == null) {
      folder = Files.createTempDirectory("sgpo-best-");
    }
    String name = "step-" + step;
    policy.captureState(folder.resolve(name));
    if (latest != null) {
      delete(folder.resolve(latest));
    }
    latest = name;
    return name;
  }

  @Override
  public void restore(String name, TrainablePolicy policy) throws IOException {
    if (folder != null) {
      policy.restoreState(folder.resolve(name));
    }
  }

  @Override
  public void checkpoint(RunState state, Set<String> policies) {}

  @Override
  public void ended(Ending ending) {}

  @Override
  public void failed(Throwable failure) {}

  @Override
  public void close() throws IOException {
    if (folder != null) {
      delete(folder);
      folder = null;
    }
  }

  private static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
