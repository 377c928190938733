package io.sgpo.examples.quickstart;

import java.util.List;

/**
 * Everything that a run measured.
 *
 * @param settings how much was done
 * @param corpusScore mean true score of the pretraining corpus
 * @param pretrainingLoss mean loss per word over the last tenth of the pretraining, in nats
 * @param pretrainingSeconds what it took
 * @param seconds what everything took
 * @param trials a result per seed
 */
record Results(
    Settings settings,
    double corpusScore,
    double pretrainingLoss,
    double pretrainingSeconds,
    double seconds,
    List<TrialResult> trials) {

  Results {
    trials = List.copyOf(trials);
  }
}
