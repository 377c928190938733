package io.sgpo.onpolicy;

import io.sgpo.policy.GroupGradient;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import io.sgpo.run.Metrics;
import io.sgpo.train.ScoreFunction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One training step over the plays of a batch; each is a group, its trained moves the items. */
final class OnPolicyStep {

  private static final LogProbs UNSCORED = LogProbs.of();

  private final OnPolicyAlgorithm algorithm;
  private final List<Play> plays;
  private final List<List<LogProbs>> scores;
  private final List<List<MoveGradient>> gradients;

  OnPolicyStep(OnPolicyAlgorithm algorithm, List<Play> plays) {
    this.algorithm = algorithm;
    this.plays = plays;
    this.scores = new ArrayList<>(Collections.nCopies(plays.size(), List.of()));
    this.gradients = new ArrayList<>(Collections.nCopies(plays.size(), List.of()));
  }

  /** Takes the step and counts it; nothing is counted if it was not applied. */
  StepResult take(TrainablePolicy policy, StepOptions options, Averages averages) {
    List<TrainingGroup> groups = plays.stream().map(OnPolicyStep::group).toList();
    Objective.Separable objective = this::evaluate;
    StepResult result = policy.step(groups, objective, options);
    averages.count(Metrics.STEPS, 1);
    averages.mean(Metrics.LOSS, result.loss());
    for (int g = 0; g < plays.size(); g++) {
      count(g, averages);
    }
    return result;
  }

  private static TrainingGroup group(Play play) {
    return new TrainingGroup(
        play.moves().stream()
            .filter(Move::trained)
            .map(move -> new TrainingItem(move.sample().exchange(), move.player().role()))
            .toList());
  }

  private GroupGradient evaluate(int group, List<LogProbs> items) {
    Play play = plays.get(group);
    List<MoveGradient> answers = algorithm.gradient(play, byMove(play, items));
    gradients.set(group, answers);
    scores.set(group, items);
    double loss = 0;
    for (int i = 0; i < answers.size(); i++) {
      loss += ScoreFunction.loss(answers.get(i).coefficients(), items.get(i));
    }
    return new GroupGradient(loss, answers.stream().map(MoveGradient::coefficients).toList());
  }

  private static List<LogProbs> byMove(Play play, List<LogProbs> items) {
    List<LogProbs> all = new ArrayList<>(play.moves().size());
    int next = 0;
    for (Move move : play.moves()) {
      all.add(move.trained() ? items.get(next++) : UNSCORED);
    }
    return all;
  }

  private void count(int group, Averages averages) {
    Play play = plays.get(group);
    int item = 0;
    for (int i = 0; i < play.moves().size(); i++) {
      Move move = play.moves().get(i);
      count(move, averages);
      if (move.trained()) {
        Player player = move.player();
        LogProbs reference = play.references().get(i);
        double advantage = gradients.get(group).get(item).advantage();
        averages.mean(player.kl(), scores.get(group).get(item).sum() - reference.sum());
        averages.mean(player.advantage(), advantage);
        averages.deviation(player.advantageDeviation(), advantage);
        item++;
      }
    }
    countPreferences(play, averages);
  }

  private static void count(Move move, Averages averages) {
    LogProbs drawn = move.sample().logProbs();
    averages.mean(Metrics.RESPONSE_LENGTH, drawn.size());
    averages.mean(move.player().length(), drawn.size());
    averages.mean(move.player().unfinished(), move.isUnfinished() ? 1 : 0);
    averages.mean(move.player().entropy(), -drawn.sum(), drawn.size());
  }

  /** A player's preference over itself is ½ by symmetry, and not reported. */
  private static void countPreferences(Play play, Averages averages) {
    for (int c = 0; c < play.contests().size(); c++) {
      Player first = play.moves().get(play.contests().get(c).first()).player();
      Player second = play.moves().get(play.contests().get(c).second()).player();
      if (!first.equals(second)) {
        averages.mean(first.preference(), play.preferences().get(c));
        averages.mean(second.preference(), 1 - play.preferences().get(c));
      }
    }
  }
}
