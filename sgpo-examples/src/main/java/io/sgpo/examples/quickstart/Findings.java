package io.sgpo.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** The comparisons that a run reports; which ones is fixed before anything is measured. */
final class Findings {

  private static final double EVEN = 0.5;

  private Findings() {}

  /** Win rates over the starting model under the true preference. */
  static List<Finding> contest(List<TrialResult> trials) {
    List<Finding> findings = new ArrayList<>();
    for (Contender contender : Contender.all()) {
      findings.add(
          Finding.of(
              contender.description(),
              trial -> rate(trial, contender.name()),
              "the starting model",
              trial -> EVEN,
              trials));
    }
    findings.add(pair(Contender.DPO_LONG, Contender.DPO_SHORT, trials));
    findings.add(pair(Contender.ITERATIVE_DPO, Contender.DPO_SHORT, trials));
    findings.add(pair(Contender.ITERATIVE_DPO, Contender.DPO_LONG, trials));
    findings.add(pair(Contender.SSAPO_PUBLISHED, Contender.ITERATIVE_DPO, trials));
    findings.add(pair(Contender.SSAPO_RELATIVE, Contender.ITERATIVE_DPO, trials));
    findings.add(pair(Contender.CEILING, Contender.ITERATIVE_DPO, trials));
    return List.copyOf(findings);
  }

  /** Win rates of SLHF's two roles under the cyclic preference. */
  static List<Finding> game(List<TrialResult> trials) {
    return List.of(
        Finding.of(
            "SLHF's leader",
            trial -> trial.game().leader().rate(),
            "the starting model",
            trial -> EVEN,
            trials),
        Finding.of(
            "SLHF's follower",
            trial -> trial.game().follower().rate(),
            "the starting model",
            trial -> EVEN,
            trials),
        Finding.of(
            "SLHF's follower",
            trial -> trial.game().followerOverLeader().rate(),
            "the leader's answer it saw",
            trial -> EVEN,
            trials),
        Finding.of(
            "the refinement by SLHF's follower",
            trial -> trial.game().refinement().rate(),
            "the starting model's answer it saw",
            trial -> EVEN,
            trials),
        Finding.of(
            "the refinement by the untrained model",
            trial -> trial.startGame().refinement().rate(),
            "the starting model's answer it saw",
            trial -> EVEN,
            trials));
  }

  private static Finding pair(String first, String second, List<TrialResult> trials) {
    return Finding.of(
        first, trial -> rate(trial, first), second, trial -> rate(trial, second), trials);
  }

  private static double rate(TrialResult trial, String contender) {
    return trial.marks(contender).winRate().rate();
  }
}
