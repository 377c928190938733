package io.sgpo.onpolicy;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.Tokens;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.tabular.TabularPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A random game of few answers, each one token, whose expectations are sums over all outcomes: what
 * an estimate expects is compared with finite differences of what it should.
 */
public final class EnumeratedGame {

  public static final Prompt PROMPT = Conversation.user("x");

  /** Central differences with this step have errors of about 1e-9 here. */
  private static final double STEP = 1e-5;

  /** p(i ≻ j). */
  public final double[][] preference;

  /** The leader's logits θ, then those of the follower after each answer, φ. */
  public final double[] parameters;

  public final double[] references;
  private final int size;

  private EnumeratedGame(
      int size, double[][] preference, double[] parameters, double[] references) {
    this.size = size;
    this.preference = preference;
    this.parameters = parameters;
    this.references = references;
  }

  public static EnumeratedGame random(int size, long seed) {
    SplittableRandom random = Streams.of(seed, "enumerated");
    double[][] p = new double[size][size];
    for (int i = 0; i < size; i++) {
      p[i][i] = 0.5;
      for (int j = 0; j < i; j++) {
        p[i][j] = random.nextDouble();
        p[j][i] = 1 - p[i][j];
      }
    }
    int count = size * (1 + size);
    return new EnumeratedGame(
        size, p, random.doubles(count, -1, 1).toArray(), random.doubles(count, -1, 1).toArray());
  }

  /** A ≻ B ≻ C ≻ A, by unequal margins. */
  public static EnumeratedGame cycle() {
    double[][] p = {{0.5, 0.9, 0.2}, {0.1, 0.5, 0.7}, {0.8, 0.3, 0.5}};
    double[] logits = new double[12];
    System.arraycopy(new double[] {0.5, -0.4, 0.1}, 0, logits, 0, 3);
    return new EnumeratedGame(3, p, logits.clone(), logits);
  }

  /** p(i ≻ j) = ½ + (u_i − u_j) / 2, for utilities in [0, 1]; uniform references. */
  public static EnumeratedGame transitive(double... utilities) {
    int size = utilities.length;
    double[][] p = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        p[i][j] = 0.5 + (utilities[i] - utilities[j]) / 2;
      }
    }
    int count = size * (1 + size);
    return new EnumeratedGame(size, p, new double[count], new double[count]);
  }

  /** The leader's reference as a table. */
  public TabularPolicy policy() {
    List<Response> answers =
        IntStream.range(0, size).mapToObj(i -> Response.of("answer " + i)).toList();
    return TabularPolicy.of(
        Map.of(PROMPT, answers), Map.of(PROMPT, Arrays.copyOf(references, size)));
  }

  public PreferenceModel judge() {
    return PreferenceModel.of(
        c -> preference[c.first().tokens().get(0)][c.second().tokens().get(0)]);
  }

  public int size() {
    return size;
  }

  /** Where the logits of the follower after an answer begin; those of the leader begin at 0. */
  public int row(int answer) {
    return size * (1 + answer);
  }

  /** log softmax of a row of logits. */
  public double[] logProbs(double[] logits, int row) {
    double sum = 0;
    for (int k = 0; k < size; k++) {
      sum += Math.exp(logits[row + k]);
    }
    double[] logProbs = new double[size];
    for (int k = 0; k < size; k++) {
      logProbs[k] = logits[row + k] - Math.log(sum);
    }
    return logProbs;
  }

  public double[] probabilities(double[] logits, int row) {
    return Arrays.stream(logProbs(logits, row)).map(Math::exp).toArray();
  }

  /** KL(softmax(a's row) ‖ softmax(b's row)). */
  public double divergence(double[] a, int rowOfA, double[] b, int rowOfB) {
    double[] p = logProbs(a, rowOfA);
    double[] q = logProbs(b, rowOfB);
    double sum = 0;
    for (int k = 0; k < size; k++) {
      sum += Math.exp(p[k]) * (p[k] - q[k]);
    }
    return sum;
  }

  /** log π of an answer, as a policy would score it. */
  public LogProbs score(double[] logits, int row, int answer) {
    return LogProbs.of(logProbs(logits, row)[answer]);
  }

  public static Sample sample(int answer) {
    Response response = new Response("", Tokens.of(answer), Response.Finish.STOP);
    return new Sample(new Exchange(PROMPT, response), LogProbs.of(0), 0);
  }

  /** Adds scale · c · ∇ log π(answer) to a gradient: c (1[k = answer] − π(k)). */
  public void addScore(double[] gradient, int row, int answer, double scale) {
    double[] p = probabilities(parameters, row);
    for (int k = 0; k < size; k++) {
      gradient[row + k] += scale * ((k == answer ? 1 : 0) - p[k]);
    }
  }

  /** Calls once for every combination of {@code count} answers. */
  public void forEach(int count, Consumer<int[]> consumer) {
    int[] answers = new int[count];
    int total = (int) Math.round(Math.pow(size, count));
    for (int code = 0; code < total; code++) {
      int rest = code;
      for (int i = 0; i < count; i++) {
        answers[i] = rest % size;
        rest /= size;
      }
      consumer.accept(answers);
    }
  }

  /** ∂objective/∂parameters by central differences. */
  public double[] differences(ToDoubleFunction<double[]> objective) {
    double[] gradient = new double[parameters.length];
    for (int j = 0; j < gradient.length; j++) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[j] += STEP;
      down[j] -= STEP;
      gradient[j] = (objective.applyAsDouble(up) - objective.applyAsDouble(down)) / (2 * STEP);
    }
    return gradient;
  }
}
