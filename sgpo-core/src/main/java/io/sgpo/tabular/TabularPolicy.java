package io.sgpo.tabular;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.checkpoint.AtomicDirectory;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.train.ArrayAdamW;
import io.sgpo.train.Gradients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy that is a table: for every prompt it knows, a logit per candidate response, π(y | x) =
 * softmax(θ_x)_y. A response is one token, its id the candidate's index. Rows are keyed by the
 * prompt's value, so a table plays leader and follower of SLHF ({@link #withFollowUps}).
 *
 * <pre>{@code
 * TrainablePolicy tiny = TabularPolicy.uniform(prompts, List.of("yes", "no"));
 * }</pre>
 *
 * <p>All arithmetic is in double precision on the calling thread; equal calls give equal bits.
 * Sampling and scoring are thread-safe between steps.
 */
public final class TabularPolicy implements TrainablePolicy {

  private static final String WEIGHTS_FILE = "policy.json";
  private static final String STATE_FILE = "state.json";

  private final Table table;
  private final TableWeights weights;
  private volatile boolean closed;

  private TabularPolicy(Table table, List<double[]> logits) {
    this.table = table;
    this.weights = new TableWeights(logits);
  }

  /**
   * The uniform policy over the same candidates for every prompt.
   *
   * @param prompts the prompts it knows, at least one; equal ones are one row
   * @param candidates the texts of the responses, at least one, all different; may be empty texts
   */
  public static TabularPolicy uniform(List<? extends Prompt> prompts, List<String> candidates) {
    List<Response> responses = candidates.stream().map(Response::of).toList();
    Map<Prompt, List<Response>> rows = new LinkedHashMap<>();
    prompts.forEach(prompt -> rows.put(prompt, responses));
    Table table = Table.of(rows);
    return new TabularPolicy(table, List.of(new double[table.parameters()]));
  }

  /**
   * A policy with candidates and logits of each prompt's own.
   *
   * @param candidates for every prompt the responses, at least one, with different texts; only the
   *     texts are kept
   * @param logits for every prompt a finite logit per candidate, copied
   * @throws IllegalArgumentException if a prompt lacks logits, their number differs from that of
   *     its candidates, or one is not finite
   */
  public static TabularPolicy of(
      Map<? extends Prompt, List<Response>> candidates, Map<? extends Prompt, double[]> logits) {
    Table table = Table.of(candidates);
    return new TabularPolicy(table, List.of(flatten(table, logits)));
  }

  /**
   * A policy that {@link #save} wrote.
   *
   * @throws IOException if the directory holds no such policy, naming the file
   */
  public static TabularPolicy load(Path directory) throws IOException {
    AtomicDirectory.restore(directory);
    Path file = directory.resolve(WEIGHTS_FILE);
    JsonNode root = TableJson.read(file);
    try {
      TableJson.Weights weights = TableJson.parseWeights(root);
      return new TabularPolicy(weights.table(), weights.logits());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * This policy, as it is now, and beside it the rows of the follower: for every prompt x and
   * candidate y a row for {@code x.followUp(y, instruction)} with x's candidates, uniform. Rows
   * that exist already stay as they are. The optimizer is new, and one table plays both roles.
   */
  public TabularPolicy withFollowUps(String instruction) {
    requireOpen();
    Map<Prompt, List<Response>> candidates = new LinkedHashMap<>();
    Map<Prompt, double[]> values = new LinkedHashMap<>();
    for (Table.Row row : table.rows()) {
      candidates.put(row.prompt(), row.candidates());
      values.put(row.prompt(), logits(row));
    }
    for (Table.Row row : table.rows()) {
      for (Response answer : row.candidates()) {
        Prompt followUp = row.prompt().followUp(answer.text(), instruction);
        candidates.putIfAbsent(followUp, row.candidates());
        values.putIfAbsent(followUp, new double[row.size()]);
      }
    }
    return of(candidates, values);
  }

  /**
   * This policy, as it is now, with a table for the leader and one for the follower, equal at
   * first. The optimizers are new.
   */
  public TabularPolicy withFollowerWeights() {
    requireOpen();
    return new TabularPolicy(
        table,
        List.of(
            weights.logits(PolicyRole.LEADER).clone(),
            weights.logits(PolicyRole.FOLLOWER).clone()));
  }

  /**
   * π(· | x) at temperature 1, a probability per candidate.
   *
   * @throws IllegalArgumentException if the prompt is not in the table
   */
  public double[] probabilities(Prompt prompt) {
    return probabilities(prompt, PolicyRole.LEADER);
  }

  /**
   * The same of a role's table.
   *
   * @throws IllegalArgumentException if the prompt is not in the table
   */
  public double[] probabilities(Prompt prompt, PolicyRole role) {
    requireOpen();
    Table.Row row = table.row(prompt, 0);
    double[] logProbs = Softmax.logProbs(weights.logits(role), row.offset(), row.size(), 1);
    return Arrays.stream(logProbs).map(Math::exp).toArray();
  }

  @Override
  public boolean hasFollowerWeights() {
    return weights.hasFollower();
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    requireOpen();
    return TableScores.sample(table, weights.logits(sampling.role()), prompts, sampling);
  }

  @Override
  public List<List<Sample>> sampleMixture(
      List<? extends Prompt> prompts, Sampling sampling, FrozenPolicy reference, double mixture) {
    requireOpen();
    if (!(mixture >= 0 && mixture <= 1)) {
      throw new IllegalArgumentException("mixture must be in [0, 1], but was " + mixture);
    }
    return TableScores.sample(
        table,
        weights.logits(sampling.role()),
        logitsOf(reference, sampling.role()),
        mixture,
        prompts,
        sampling);
  }

  @Override
  public List<LogProbs> mixtureLogProbs(
      List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
    requireOpen();
    if (!Double.isFinite(mixture)) {
      throw new IllegalArgumentException("mixture must be finite, but was " + mixture);
    }
    double[] mixed =
        TableScores.mixed(
            weights.logits(PolicyRole.LEADER), logitsOf(reference, PolicyRole.LEADER), mixture);
    return TableScores.logProbs(table, mixed, exchanges, 1);
  }

  private double[] logitsOf(FrozenPolicy reference, PolicyRole role) {
    if (reference instanceof FrozenTable frozen) {
      return frozen.logitsLike(table, role);
    }
    throw new IllegalArgumentException(
        "reference must be that of a TabularPolicy, but was a " + reference.getClass().getName());
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    return logProbs(exchanges, temperature, PolicyRole.LEADER);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature, PolicyRole role) {
    requireOpen();
    return TableScores.logProbs(table, weights.logits(role), exchanges, temperature);
  }

  @Override
  public FrozenPolicy reference() {
    requireOpen();
    return new FrozenTable(table, weights.all());
  }

  @Override
  public StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions options) {
    requireOpen();
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("batch must not be empty");
    }
    TableGradient sum = new TableGradient(table, weights.all(), options.temperature());
    sum.accumulate(batch, objective, options.microBatchGroups());
    double loss = sum.loss() / options.normaliser();
    if (!Double.isFinite(loss)) {
      throw new ArithmeticException("the loss of the batch must be finite, but was " + loss);
    }
    double[] gradient = sum.gradient();
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] /= options.normaliser();
    }
    requireFinite(gradient);
    double norm = Gradients.clip(gradient, options.maxGradientNorm());
    update(gradient, sum, options);
    return new StepResult(loss, norm, sum.tokens());
  }

  /** Weights of a role without an item stay as they are. */
  private void update(double[] gradient, TableGradient sum, StepOptions options) {
    double rate = options.learningRate();
    for (int p = 0; p < weights.parts().size(); p++) {
      TableWeights.Part part = weights.parts().get(p);
      int start = p * table.parameters();
      if (sum.has(p)) {
        double[] own = Arrays.copyOfRange(gradient, start, start + table.parameters());
        part.optimizer().update(part.logits(), own, p == 0 ? rate : rate * options.followerRate());
      }
    }
  }

  private void requireFinite(double[] gradient) {
    for (int start = 0; start < gradient.length; start += table.parameters()) {
      for (Table.Row row : table.rows()) {
        for (int k = 0; k < row.size(); k++) {
          double value = gradient[start + row.offset() + k];
          if (!Double.isFinite(value)) {
            throw new ArithmeticException(
                "the gradient must be finite, but was %s for candidate %d of the prompt %s"
                    .formatted(value, k, row.prompt()));
          }
        }
      }
    }
  }

  @Override
  public void resetOptimizer(AdamW settings) {
    requireOpen();
    weights.parts().forEach(part -> part.optimizer().reset(settings));
  }

  @Override
  public void captureState(Path directory) throws IOException {
    requireOpen();
    ObjectNode root = TableJson.weights(table, weights.all());
    List<ArrayAdamW.State> states =
        weights.parts().stream().map(part -> part.optimizer().state()).toList();
    TableJson.addOptimizers(root, states);
    AtomicDirectory.write(directory, staged -> TableJson.write(staged.resolve(STATE_FILE), root));
  }

  @Override
  public void restoreState(Path directory) throws IOException {
    requireOpen();
    Path file = directory.resolve(STATE_FILE);
    JsonNode root = TableJson.read(file);
    try {
      TableJson.Weights stored = TableJson.parseWeights(root);
      restore(stored, TableJson.parseOptimizers(root, stored.logits().size()));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private void restore(TableJson.Weights stored, List<ArrayAdamW.State> states) {
    if (!table.sameShape(stored.table())) {
      throw new IllegalArgumentException(
          "prompts and candidates must be those of this policy, but are others");
    }
    if (stored.logits().size() != weights.parts().size()) {
      throw new IllegalArgumentException(
          "the number of tables must be %d, but was %d"
              .formatted(weights.parts().size(), stored.logits().size()));
    }
    for (ArrayAdamW.State state : states) {
      if (state.firstMoment().length != table.parameters()) {
        throw new IllegalArgumentException(
            "there must be %d moments, but there are %d"
                .formatted(table.parameters(), state.firstMoment().length));
      }
    }
    for (int p = 0; p < states.size(); p++) {
      weights.parts().get(p).restore(stored.logits().get(p), states.get(p));
    }
  }

  /** Writes {@code policy.json}, which {@link #load} reads. */
  @Override
  public void save(Path directory) throws IOException {
    requireOpen();
    ObjectNode root = TableJson.weights(table, weights.all());
    AtomicDirectory.replace(
        directory, WEIGHTS_FILE, staged -> TableJson.write(staged.resolve(WEIGHTS_FILE), root));
  }

  @Override
  public void close() {
    closed = true;
  }

  static double[] flatten(Table table, Map<? extends Prompt, double[]> logits) {
    double[] flat = new double[table.parameters()];
    for (Table.Row row : table.rows()) {
      double[] values = logits.get(row.prompt());
      if (values == null || values.length != row.size()) {
        throw new IllegalArgumentException(
            "there must be a logit per candidate, %d, but there were %d for the prompt %s"
                .formatted(row.size(), values == null ? 0 : values.length, row.prompt()));
      }
      for (int k = 0; k < values.length; k++) {
        if (!Double.isFinite(values[k])) {
          throw new IllegalArgumentException(
              "logits must be finite, but candidate %d had %s for the prompt %s"
                  .formatted(k, values[k], row.prompt()));
        }
        flat[row.offset() + k] = values[k];
      }
    }
    return flat;
  }

  private double[] logits(Table.Row row) {
    double[] logits = weights.logits(PolicyRole.LEADER);
    return Arrays.copyOfRange(logits, row.offset(), row.offset() + row.size());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the policy is closed");
    }
  }
}
