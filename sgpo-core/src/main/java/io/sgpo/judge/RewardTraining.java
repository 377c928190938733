package io.sgpo.judge;

import io.sgpo.lm.RewardModel;
import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.preference.PreferencePair;
import io.sgpo.train.Batches;
import io.sgpo.train.Extent;
import io.sgpo.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trains a reward model on preference pairs by the Bradley–Terry loss, and keeps the epoch that
 * agrees best with held-out pairs. Deterministic in the options' seed. The scores that it descends
 * on are those of {@link RewardModel#step}, so micro-batches, shared prompts, clipping and adapters
 * are those of every other training.
 *
 * <pre>{@code
 * try (RewardModel model = RewardModel.from(folder, 0, CausalLmOptions.DEFAULT)) {
 *   List<RewardEpoch> epochs =
 *       RewardTraining.of(model, RewardTrainingOptions.DEFAULT).run(pairs, heldOut, output);
 * }
 * }</pre>
 */
public final class RewardTraining {

  private static final String PURPOSE = "reward";

  private final RewardModel model;
  private final RewardTrainingOptions options;
  private Listener listener = Listener.NONE;

  private RewardTraining(RewardModel model, RewardTrainingOptions options) {
    this.model = model;
    this.options = options;
  }

  public static RewardTraining of(RewardModel model, RewardTrainingOptions options) {
    return new RewardTraining(
        Objects.requireNonNull(model, "model"), Objects.requireNonNull(options, "options"));
  }

  /** Hears of the training, on the thread that trains. */
  public interface Listener {

    /** Hears nothing. */
    Listener NONE = new Listener() {};

    /** After a step. */
    default void onStep(int done, int total, double loss) {}

    /** After an epoch. */
    default void onEpoch(RewardEpoch epoch) {}
  }

  /** Sets who hears of it. */
  public RewardTraining listener(Listener value) {
    listener = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Trains, and saves the model of the best epoch. The model itself is left as the last epoch made
   * it.
   *
   * @param pairs what is trained on, at least one
   * @param heldOut what epochs are judged by; if it is empty, the last epoch is the best
   * @param output the folder to write, as {@link RewardModel#save} does
   * @return the epochs, in order
   * @throws IllegalArgumentException if there is no pair, or one cannot be read by the model
   * @throws ArithmeticException if a loss or gradient is not finite
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public List<RewardEpoch> run(
      List<PreferencePair> pairs, List<PreferencePair> heldOut, Path output) throws IOException {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("pairs must not be empty");
    }
    TrainingOptions training = options.training();
    model.resetOptimizer(training.optimizer());
    Batches batches = new Batches(pairs.size(), training.batchSize(), options.seed(), PURPOSE, 0);
    List<RewardEpoch> epochs = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (int epoch = 1; epoch <= options.epochs(); epoch++) {
      double loss = epoch(epoch, pairs, batches);
      RewardAccuracy accuracy =
          heldOut.isEmpty() ? null : RewardAccuracy.of(model::scores, heldOut, options.seed());
      boolean isBest = accuracy == null ? epoch == options.epochs() : rate(accuracy) > best;
      if (isBest) {
        best = rate(accuracy);
        model.save(output);
      }
      epochs.add(new RewardEpoch(epoch, loss, accuracy, isBest));
      listener.onEpoch(epochs.get(epochs.size() - 1));
    }
    return List.copyOf(epochs);
  }

  /** The best epoch of a training: the last that is marked as best. */
  public static RewardEpoch best(List<RewardEpoch> epochs) {
    return epochs.stream()
        .filter(RewardEpoch::best)
        .reduce((earlier, later) -> later)
        .orElseThrow(() -> new IllegalArgumentException("epochs must not be empty"));
  }

  private static double rate(@Nullable RewardAccuracy accuracy) {
    return accuracy == null ? 0 : accuracy.accuracy().rate();
  }

  /** The mean loss of the epoch's pairs. */
  private double epoch(int epoch, List<PreferencePair> pairs, Batches batches) {
    int size = options.training().batchSize();
    int steps = Extent.epochs(1).steps(pairs.size(), size);
    int total = Extent.epochs(options.epochs()).steps(pairs.size(), size);
    double sum = 0;
    for (int s = 0; s < steps; s++) {
      int[] chosen = batches.next();
      List<PreferencePair> batch = new ArrayList<>(chosen.length);
      for (int i : chosen) {
        batch.add(pairs.get(i));
      }
      int step = (epoch - 1) * steps + s;
      double loss = step(batch, step, total);
      sum += loss * batch.size();
      listener.onStep(step + 1, total, loss);
    }
    return sum / pairs.size();
  }

  private double step(List<PreferencePair> batch, int step, int total) {
    return model
        .step(
            batch.stream().map(TrainingGroup::of).toList(),
            objective(batch, options.centring()),
            options.training().step(step, total, batch.size()))
        .loss();
  }

  /** The Bradley–Terry loss of pairs, given the rewards of chosen and rejected. */
  static Objective.Separable objective(List<PreferencePair> batch, double centring) {
    return (group, scores) -> gradient(scores, batch.get(group).probability(), centring);
  }

  private static GroupGradient gradient(List<LogProbs> scores, double label, double centring) {
    double chosen = scores.get(0).sum();
    double rejected = scores.get(1).sum();
    return GroupGradient.ofSequences(
        BradleyTerryLoss.value(chosen, rejected, label, centring),
        BradleyTerryLoss.gradient(chosen, rejected, label, centring));
  }
}
