package io.sgpo.lm;

import ai.djl.ndarray.NDManager;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One step: scores up, coefficients down, micro-batch by micro-batch, then AdamW. */
final class TrainingStep {

  /** PyTorch's {@code clip_grad_norm_} adds this to the norm. */
  private static final double CLIPPING_EPSILON = 1e-6;

  /** The weights of a role, and what this step does to them. */
  private static final class Part {
    private final Trainee trainee;
    private final double rate;
    private final @Nullable Dropout dropout;
    private boolean hasRows;
    private boolean hasGradients;

    Part(Trainee trainee, double rate) {
      this.trainee = trainee;
      this.rate = rate;
      this.dropout = Dropout.of(trainee.decoder(), trainee.optimizer().step());
    }

    Decoder decoder() {
      return trainee.decoder();
    }

    void command(String method) {
      try (NDManager scratch = decoder().scratch()) {
        decoder().call(method, false, scratch.create(0f));
      }
    }
  }

  private final List<Part> parts = new ArrayList<>();
  private final List<List<Integer>> owners;
  private final List<List<Row>> groups;
  private final StepOptions options;
  private final Packing packing;
  private double loss;

  /**
   * @param trainees the leader, and the follower if it has weights of its own
   * @param groups the rows of every group's items
   * @param owners for every row the place of its trainee
   * @param packing how they are laid out
   */
  TrainingStep(
      List<Trainee> trainees,
      List<List<Row>> groups,
      List<List<Integer>> owners,
      StepOptions options,
      Packing packing) {
    for (int p = 0; p < trainees.size(); p++) {
      parts.add(new Part(trainees.get(p), p == 0 ? 1 : options.followerRate()));
    }
    owners.forEach(ofGroup -> ofGroup.forEach(owner -> parts.get(owner).hasRows = true));
    this.owners = owners;
    this.groups = groups;
    this.options = options;
    this.packing = packing;
  }

  /**
   * How much goes through the model at once.
   *
   * @param tokens padding not counted
   * @param positions that are scored
   * @param maskedPairs of tokens that attend under a mask and tokens that these may see
   * @param repeated tokens of shared prompts, once for each row that sees them
   * @param tiledPairs of tokens that attend by tiles and tokens that these see in their tile, where
   *     the probabilities are kept
   * @param largestTile the most of a tile, kept or not
   */
  record Size(
      long tokens,
      long positions,
      long maskedPairs,
      long repeated,
      long tiledPairs,
      long largestTile) {

    /** Of rows that share nothing, without masks. */
    Size(long tokens, long positions, long tiledPairs, long largestTile) {
      this(tokens, positions, 0, 0, tiledPairs, largestTile);
    }

    /** The larger of each. */
    private Size max(Size other) {
      return new Size(
          Math.max(tokens, other.tokens),
          Math.max(positions, other.positions),
          Math.max(maskedPairs, other.maskedPairs),
          Math.max(repeated, other.repeated),
          Math.max(tiledPairs, other.tiledPairs),
          Math.max(largestTile, other.largestTile));
    }

    /** Beside another pass; tiles come one after the other. */
    private Size plus(Size other) {
      return new Size(
          tokens + other.tokens,
          positions + other.positions,
          maskedPairs + other.maskedPairs,
          repeated + other.repeated,
          tiledPairs + other.tiledPairs,
          Math.max(largestTile, other.largestTile));
    }
  }

  /** The most of each that the micro-batches that will run have. */
  Size largest() {
    Size[] most = {new Size(0, 0, 0, 0)};
    forEachMicroBatch((from, to) -> most[0] = most[0].max(size(from, to)));
    return most[0];
  }

  private Size size(int from, int to) {
    long tokens = 0;
    for (int group = from; group < to; group++) {
      tokens += tokens(group);
    }
    long positions = rows(from, to).stream().mapToLong(Row::scores).sum();
    Size size = new Size(tokens, positions, 0, 0);
    for (int p = 0; p < parts.size(); p++) {
      Decoder decoder = parts.get(p).decoder();
      for (Pass pass : passes(p, from, to)) {
        size = size.plus(attention(pass, decoder));
      }
    }
    return size;
  }

  /** What a pass adds to the size by how it attends. */
  private static Size attention(Pass pass, Decoder decoder) {
    ModelConfig config = decoder.config();
    if (!DecoderArchive.tiles(config, decoder.options(), pass.mostKeys())) {
      int window = config.slidingWindow().orElse(Integer.MAX_VALUE);
      return new Size(0, 0, pass.maskedPairs(window), pass.repeatedTokens(), 0, 0);
    }
    boolean keeps = pass.mostKeys() <= DecoderArchive.TILE_KEYS;
    long pairs = keeps ? pass.tiledPairs() : 0;
    return new Size(0, 0, 0, pass.repeatedTokens(), pairs, pass.largestTile());
  }

  private List<Pass> passes(int part, int from, int to) {
    List<Row> rows = rows(from, to);
    return packing.withoutLimit().passes(places(part, from, to).stream().map(rows::get).toList());
  }

  /**
   * @throws ArithmeticException if something is not finite; nothing is then applied
   */
  StepResult run(Objective objective) {
    boolean applied = false;
    try {
      accumulate(objective);
      double norm = gradientNorm();
      double scale = Math.min(1, options.maxGradientNorm() / (norm + CLIPPING_EPSILON));
      for (Part part : parts) {
        if (part.hasRows) {
          part.trainee.optimizer().apply(options.learningRate() * part.rate, scale);
        }
      }
      applied = true;
      long tokens = groups.stream().flatMap(List::stream).mapToLong(Row::responseLength).sum();
      return new StepResult(loss / options.normaliser(), norm, tokens);
    } finally {
      if (!applied) {
        dropGradients();
      }
    }
  }

  /** Leaves the gradient of the whole batch, divided by the normaliser, in the decoder. */
  void accumulate(Objective objective) {
    parts.forEach(part -> part.decoder().parameters()); // there before the first graph
    dropGradients();
    try {
      accumulateAll(objective);
    } finally {
      for (Part part : parts) {
        if (part.dropout != null) {
          part.command("clear_dropout");
        }
      }
    }
  }

  private void accumulateAll(Objective objective) {
    if (objective instanceof Objective.Separable separable) {
      forEachMicroBatch(
          (from, to) ->
              microBatch(
                  from,
                  to,
                  scores -> group -> separable.evaluate(group, scores.get(group - from))));
    } else if (objective instanceof Objective.Coupled coupled) {
      List<GroupGradient> answers = coupled.evaluate(scoreAll());
      if (answers.size() != groups.size()) {
        throw new IllegalArgumentException(
            "the objective must answer for %d groups, but answered for %d"
                .formatted(groups.size(), answers.size()));
      }
      forEachMicroBatch((from, to) -> microBatch(from, to, scores -> answers::get));
    }
  }

  private List<List<LogProbs>> scoreAll() {
    List<Row> rows = rows(0, groups.size());
    LogProbs[] scores = new LogProbs[rows.size()];
    for (int p = 0; p < parts.size(); p++) {
      Part part = parts.get(p);
      List<Integer> places = places(p, 0, groups.size());
      List<Row> own = places.stream().map(rows::get).toList();
      List<LogProbs> ofPart =
          Scorer.score(part.decoder(), own, options.temperature(), packing, part.dropout);
      for (int i = 0; i < own.size(); i++) {
        scores[places.get(i)] = ofPart.get(i);
      }
    }
    List<List<LogProbs>> byGroup = byGroup(0, groups.size(), List.of(scores));
    for (int g = 0; g < groups.size(); g++) {
      requireFinite(g, byGroup.get(g));
    }
    return byGroup;
  }

  /** Work on the groups from, from + 1, … to − 1. */
  private interface MicroBatch {
    void run(int from, int to);
  }

  private void forEachMicroBatch(MicroBatch work) {
    for (int from = 0; from < groups.size(); ) {
      int to = from + 1;
      long tokens = tokens(from);
      while (to < groups.size()
          && to - from < options.microBatchGroups()
          && tokens + tokens(to) <= packing.maxTokens()) {
        tokens += tokens(to);
        to++;
      }
      Interruption.check("training");
      work.run(from, to);
      from = to;
    }
  }

  private long tokens(int group) {
    return packing.tokens(groups.get(group));
  }

  /** How an objective answers for a group, given the scores of a micro-batch's groups. */
  private interface Answers {
    IntFunction<GroupGradient> given(List<List<LogProbs>> scores);
  }

  private void microBatch(int from, int to, Answers answers) {
    List<Row> rows = rows(from, to);
    double[][] values = new double[rows.size()][0];
    try (NDManager scratch = parts.get(0).decoder().scratch()) {
      List<List<Graph>> graphs = new ArrayList<>();
      for (int p = 0; p < parts.size(); p++) {
        List<Integer> places = places(p, from, to);
        List<Graph> ofPart = graphs(parts.get(p), scratch, places.stream().map(rows::get).toList());
        double[][] scores = new double[places.size()][0];
        ofPart.forEach(graph -> graph.scores(scores));
        for (int i = 0; i < scores.length; i++) {
          values[places.get(i)] = scores[i];
        }
        graphs.add(ofPart);
      }
      double[][] coefficients = evaluate(from, to, logProbs(values), answers);
      for (int p = 0; p < parts.size(); p++) {
        double[][] own =
            places(p, from, to).stream().map(i -> coefficients[i]).toArray(double[][]::new);
        for (Graph graph : graphs.get(p)) {
          graph.backward(own);
          parts.get(p).hasGradients = true;
        }
      }
    }
  }

  private List<Graph> graphs(Part part, NDManager scratch, List<Row> rows) {
    List<Graph> graphs = new ArrayList<>();
    for (Pass pass : packing.withoutLimit().passes(rows)) {
      graphs.add(Graph.forward(part.decoder(), scratch, pass, options.temperature(), part.dropout));
    }
    return graphs;
  }

  /** The places of a part's rows among those of the groups from, …, to − 1. */
  private List<Integer> places(int part, int from, int to) {
    List<Integer> places = new ArrayList<>();
    int place = 0;
    for (List<Integer> ofGroup : owners.subList(from, to)) {
      for (int owner : ofGroup) {
        if (owner == part) {
          places.add(place);
        }
        place++;
      }
    }
    return places;
  }

  private double[][] evaluate(int from, int to, List<LogProbs> scores, Answers answers) {
    List<List<LogProbs>> byGroup = byGroup(from, to, scores);
    for (int g = from; g < to; g++) {
      requireFinite(g, byGroup.get(g - from));
    }
    IntFunction<GroupGradient> answer = answers.given(byGroup);
    List<double[]> coefficients = new ArrayList<>();
    for (int g = from; g < to; g++) {
      GroupGradient gradient = answer.apply(g);
      loss += GroupChecks.requireFiniteLoss(g, gradient);
      coefficients.addAll(
          GroupChecks.coefficients(g, groups.get(g), gradient, options.normaliser()));
    }
    return coefficients.toArray(new double[0][]);
  }

  private static void requireFinite(int group, List<LogProbs> scores) {
    for (int i = 0; i < scores.size(); i++) {
      if (!Double.isFinite(scores.get(i).sum())) {
        throw new ArithmeticException(
            "group %d: scores must be finite, but those of item %d sum to %s"
                .formatted(group, i, scores.get(i).sum()));
      }
    }
  }

  private List<Row> rows(int from, int to) {
    return groups.subList(from, to).stream().flatMap(List::stream).toList();
  }

  private List<List<LogProbs>> byGroup(int from, int to, List<LogProbs> scores) {
    List<List<LogProbs>> byGroup = new ArrayList<>();
    int start = 0;
    for (int g = from; g < to; g++) {
      int end = start + groups.get(g).size();
      byGroup.add(List.copyOf(scores.subList(start, end)));
      start = end;
    }
    return byGroup;
  }

  private static List<LogProbs> logProbs(double[][] values) {
    List<LogProbs> all = new ArrayList<>(values.length);
    for (double[] row : values) {
      all.add(LogProbs.of(row));
    }
    return all;
  }

  private double gradientNorm() {
    double sum = 0;
    for (Part part : parts) {
      if (part.hasRows) {
        sum += squaredNorm(part);
      }
    }
    return Math.sqrt(sum);
  }

  private static double squaredNorm(Part part) {
    if (!part.hasGradients) {
      part.command("zero_gradients");
    }
    double sum = 0;
    float[] norms = norms(part);
    for (int i = 0; i < norms.length; i++) {
      if (!Float.isFinite(norms[i])) {
        throw new ArithmeticException(
            "the gradient must be finite, but the norm of %s was %s"
                .formatted(part.decoder().parameters().get(i).slot().name(), norms[i]));
      }
      sum += (double) norms[i] * norms[i];
    }
    return sum;
  }

  /** The gradient's norm of every trained tensor of the leader, in order. */
  float[] norms() {
    return norms(parts.get(0));
  }

  private static float[] norms(Part part) {
    try (NDManager scratch = part.decoder().scratch()) {
      return part.decoder()
          .call("gradient_norms", false, scratch.create(0f))
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  void dropGradients() {
    parts.forEach(part -> part.command("drop_gradients"));
  }
}
