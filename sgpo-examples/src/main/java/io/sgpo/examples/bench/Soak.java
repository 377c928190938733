package io.sgpo.examples.bench;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Watches the memory of a small model that samples, scores, trains and takes references for many
 * steps: its native arrays must not change in number, and the process's resident memory must not
 * grow by more than a bound. Exits with 1 where either does. On Linux, which tells the resident
 * memory of a process; give it a small heap, so that garbage not yet collected does not count.
 *
 * <pre>
 * mvn package -DskipTests
 * java -Xmx128m -cp 'sgpo-examples/target/sgpo-examples.jar:sgpo-examples/target/lib/*' \
 *   io.sgpo.examples.bench.Soak [steps = 10000] [bytes per step = 1024]
 * </pre>
 *
 * <p>The arrays are counted after a twentieth of the steps, which comes first: some are made when
 * they are first needed. The growth is the slope of the least-squares line through the resident
 * memory of the second half of the run: what the heap, the compilers and the allocators take at
 * first is over by then.
 */
public final class Soak {

  private static final int REPORTS = 20;
  private static final ModelConfig CONFIG =
      ModelConfig.llama(40, 16, 24, 2, 4, 2).withMaxPositions(32).withEndOfSequence(Set.of(1));
  private static final List<Prompt> PROMPTS =
      List.of(TokenPrompt.of(3, 4, 5, 6), TokenPrompt.of(7), TokenPrompt.of(8, 9));

  private final CausalLm model;
  private final int steps;
  private final double bound;

  private Soak(CausalLm model, int steps, double bound) {
    this.model = model;
    this.steps = steps;
    this.bound = bound;
  }

  public static void main(String[] arguments) throws IOException {
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    double bound = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1024;
    if (steps < REPORTS) {
      throw new IllegalArgumentException("steps must be >= " + REPORTS + ", but were " + steps);
    }
    boolean flat;
    try (CausalLm model =
        CausalLm.create(CONFIG, null, 1, CausalLmOptions.DEFAULT.withThreads(1))) {
      flat = new Soak(model, steps, bound).run();
    }
    System.exit(flat ? 0 : 1);
  }

  private boolean run() throws IOException {
    int first = steps / REPORTS;
    for (int step = 0; step < first; step++) {
      step(step);
    }
    int arrays = model.nativeArrays();
    boolean constant = true;
    List<double[]> resident = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      step(first + step);
      if (model.nativeArrays() != arrays) {
        print("step %,d: %d native arrays, not %d", step, model.nativeArrays(), arrays);
        constant = false;
      }
      if ((long) step * REPORTS / steps > (step - 1L) * REPORTS / steps) {
        resident.add(new double[] {step, Stopwatch.residentMemory()});
        print(
            "step %,d: %d native arrays, %.1f MiB resident",
            step, model.nativeArrays(), resident.get(resident.size() - 1)[1] / (1 << 20));
      }
    }
    return verdict(constant, slope(resident.subList(REPORTS / 2, REPORTS)));
  }

  private boolean verdict(boolean constant, double slope) {
    print("native arrays: %s after every step", constant ? "the same" : "NOT the same");
    print("resident memory: %.0f bytes a step, bound %.0f", slope, bound);
    return constant && slope <= bound;
  }

  private void step(int step) {
    Sampling sampling = Sampling.of(8, step).withSamplesPerPrompt(2);
    List<Exchange> drawn = new ArrayList<>();
    for (List<Sample> samples : model.sample(PROMPTS, sampling)) {
      samples.forEach(sample -> drawn.add(sample.exchange()));
    }
    model.logProbs(drawn);
    List<TrainingGroup> batch =
        drawn.stream().map(exchange -> TrainingGroup.of(TrainingItem.of(exchange))).toList();
    model.step(batch, Objective.supervised(), StepOptions.of(1e-4, 16));
    try (FrozenPolicy reference = model.reference()) {
      reference.logProbs(drawn);
    }
  }

  /** The slope of the least-squares line through points (x, y). */
  static double slope(List<double[]> points) {
    double x = points.stream().mapToDouble(point -> point[0]).average().orElseThrow();
    double y = points.stream().mapToDouble(point -> point[1]).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (double[] point : points) {
      products += (point[0] - x) * (point[1] - y);
      squares += (point[0] - x) * (point[0] - x);
    }
    return products / squares;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
