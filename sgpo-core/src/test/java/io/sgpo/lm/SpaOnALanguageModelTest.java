package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Aligner;
import io.sgpo.baseline.SpaEngine;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.preference.PreferencePair;
import io.sgpo.run.Alignment;
import io.sgpo.run.Metric;
import io.sgpo.run.Metrics;
import io.sgpo.run.RoundReport;
import io.sgpo.testing.ForwardingPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SPA from seeds to the last round on a language model, its de-noising against margins that are
 * computed here from the logits of policy and reference.
 */
class SpaOnALanguageModelTest {

  private static final double BETA = 0.3;
  private static final double LAMBDA = 0.5;
  private static final double DELAY = 0.2;
  private static final double SHARE = 0.8;
  private static final int EPOCHS = 10;
  private static final int BATCH = 4;
  private static final int WINDOW = 50;
  private static final int GOOD = 8;
  private static final int BAD = 9;

  private static final List<Prompt> PROMPTS =
      IntStream.range(0, 8).<Prompt>mapToObj(i -> TokenPrompt.of(1, 2 + i % 4, 2 + i / 4)).toList();

  @TempDir private Path folder;

  private static CausalLm model() throws IOException {
    return CausalLm.create(
        ModelConfig.llama(16, 16, 32, 2, 4, 2), null, 5, CausalLmOptions.DEFAULT.withThreads(1));
  }

  private static List<PreferencePair> seeds() {
    return PROMPTS.stream()
        .map(prompt -> new PreferencePair(prompt, response(GOOD), response(BAD)))
        .toList();
  }

  private static Response response(int... ids) {
    return Response.ofTokens(Tokens.of(ids));
  }

  private static double[] logSoftmax(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(x -> Math.exp(x - largest)).sum();
    return Arrays.stream(logits).map(x -> x - largest - Math.log(sum)).toArray();
  }

  /** Σ_t log softmax((1 + λ) h_θ − λ h_ref)[y_t] over the response. */
  private static double logProb(Exchange exchange, double[][] policy, double[][] start, double by) {
    int[] response = exchange.response().tokens().stream().toArray();
    int prompt = policy.length - response.length;
    double sum = 0;
    for (int t = 0; t < response.length; t++) {
      double[] of = policy[prompt + t - 1];
      double[] from = start[prompt + t - 1];
      double[] logits =
          IntStream.range(0, of.length).mapToDouble(k -> (1 + by) * of[k] - by * from[k]).toArray();
      sum += logSoftmax(logits)[response[t]];
    }
    return sum;
  }

  private static int[] ids(Exchange exchange) {
    return IntStream.concat(
            ((TokenPrompt) exchange.prompt()).tokens().stream(),
            exchange.response().tokens().stream())
        .toArray();
  }

  /** A model that notes the margins it should have given whenever it is asked for a mixture. */
  private final class Noting extends ForwardingPolicy {
    private final CausalLm policy;
    private final CausalLm twin;
    private final Map<FrozenPolicy, Path> starts = new HashMap<>();
    private final List<double[]> batches = new ArrayList<>();

    Noting(CausalLm policy, CausalLm twin) {
      super(policy);
      this.policy = policy;
      this.twin = twin;
    }

    @Override
    public FrozenPolicy reference() {
      FrozenPolicy frozen = policy.reference();
      Path state = folder.resolve("start-" + starts.size());
      starts.put(frozen, state);
      try {
        policy.captureState(state);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return frozen;
    }

    @Override
    public List<LogProbs> mixtureLogProbs(
        List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
      assertEquals(-LAMBDA, mixture);
      try {
        twin.restoreState(starts.get(reference));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      double[] margins = new double[exchanges.size() / 2];
      for (int i = 0; i < exchanges.size(); i++) {
        Exchange exchange = exchanges.get(i);
        double[][] now = Logits.of(policy, ids(exchange));
        double[][] then = Logits.of(twin, ids(exchange));
        double ratio = logProb(exchange, now, then, LAMBDA) - logProb(exchange, then, then, 0);
        margins[i / 2] += (i % 2 == 0 ? 1 : -1) * BETA * ratio;
      }
      batches.add(margins);
      return policy.mixtureLogProbs(exchanges, reference, mixture);
    }
  }

  private static Alignment align(TrainablePolicy policy) {
    return Aligner.builder()
        .engine("spa")
        .policy(policy)
        .seedPreferences(seeds())
        .prompts(PROMPTS)
        .beta(BETA)
        .learningRate(0.003)
        .warmStartEpochs(5)
        .rounds(1)
        .epochsPerRound(EPOCHS)
        .batchSize(BATCH)
        .samplesPerPrompt(3)
        .maxNewTokens(4)
        .option(SpaEngine.EXTRAPOLATION, List.of(LAMBDA))
        .option(SpaEngine.SMOOTHING_DELAY, DELAY)
        .option(SpaEngine.DOUBTED_SHARE, SHARE)
        .build()
        .align();
  }

  private static double value(RoundReport report, Metric metric) {
    return report.metrics().get(metric).orElseThrow();
  }

  /** The mean of the 41st and 42nd smallest of the last 50 margins, 0 before there are 50. */
  private static double threshold(List<Double> seen) {
    if (seen.size() < WINDOW) {
      return 0;
    }
    List<Double> last = seen.subList(seen.size() - WINDOW, seen.size());
    double[] sorted = last.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return (sorted[40] + sorted[41]) / 2;
  }

  @Test
  void labelsAreDoubtedByTheExtrapolatedModelOfTheLogits() throws IOException {
    try (CausalLm policy = model();
        CausalLm twin = model()) {
      Noting noting = new Noting(policy, twin);
      RoundReport round = align(noting).lastRound();
      int steps = noting.batches.size();
      assertEquals(value(round, Metrics.STEPS), steps);
      assertTrue(steps >= 15, "steps: " + steps);
      List<Double> seen = new ArrayList<>();
      int smoothed = 0;
      for (int step = 0; step < steps; step++) {
        double limit = threshold(seen);
        double[] margins = noting.batches.get(step);
        if (step >= DELAY * steps) {
          smoothed += (int) Arrays.stream(margins).filter(margin -> !(margin > limit)).count();
        }
        Arrays.stream(margins).forEach(seen::add);
      }
      assertEquals(threshold(seen), value(round, Metrics.DOUBT_THRESHOLD), 1e-4);
      assertEquals((double) smoothed / seen.size(), value(round, Metrics.SMOOTHED_SHARE), 1e-12);
      assertTrue(smoothed > 0, "some labels were doubted");
    }
  }

  @Test
  void itLearnsWhatTheSeedsPrefer() throws IOException {
    try (CausalLm policy = model()) {
      double before = preference(policy);
      Alignment result = align(policy);
      double after = preference(policy);
      assertTrue(after > before + 0.5, before + " to " + after);
      assertTrue(result.annotations().size() >= 6, "annotated: " + result.annotations().size());
    }
  }

  /** Mean log π(good) − log π(bad). */
  private static double preference(CausalLm policy) {
    return seeds().stream()
        .mapToDouble(
            pair -> {
              List<LogProbs> scores =
                  policy.logProbs(List.of(pair.chosenExchange(), pair.rejectedExchange()));
              return scores.get(0).sum() - scores.get(1).sum();
            })
        .average()
        .orElseThrow();
  }
}
