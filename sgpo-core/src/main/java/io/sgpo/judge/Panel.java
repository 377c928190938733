package io.sgpo.judge;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Verdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Several judges that vote, such as a reward model per attribute (helpful, correct, short). A
 * member that abstains has no vote; if all do, the panel abstains. A member that fails makes the
 * panel fail: a vote without it would be that of another panel. As thread-safe as its members.
 */
public final class Panel implements PreferenceModel {

  /** How members' probabilities become the panel's. */
  public enum Vote {
    /** The share of members that favour the first response, undecided ones counting half. */
    SHARE,
    /** The mean of the members' probabilities. */
    MEAN
  }

  private final List<PreferenceModel> members;
  private final Vote vote;

  private Panel(List<PreferenceModel> members, Vote vote) {
    this.members = members;
    this.vote = vote;
  }

  /**
   * A panel.
   *
   * @param members at least one
   * @throws IllegalArgumentException if there is none
   */
  public static Panel of(Vote vote, List<? extends PreferenceModel> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members must not be empty");
    }
    return new Panel(List.copyOf(members), Objects.requireNonNull(vote, "vote"));
  }

  @Override
  public String identity() {
    return members.stream()
        .map(PreferenceModel::identity)
        .collect(Collectors.joining("; ", "panel by " + vote + " of [", "]"));
  }

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    List<List<Verdict>> votes = new ArrayList<>();
    for (PreferenceModel member : members) {
      votes.add(Verdicts.of(member, comparisons));
    }
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (int i = 0; i < comparisons.size(); i++) {
      verdicts.add(verdict(votes, i));
    }
    return List.copyOf(verdicts);
  }

  private Verdict verdict(List<List<Verdict>> votes, int comparison) {
    double lead = 0;
    int decided = 0;
    String abstention = "";
    for (int member = 0; member < votes.size(); member++) {
      Verdict verdict = votes.get(member).get(comparison);
      if (verdict instanceof Verdict.Failure failure) {
        return new Verdict.Failure("judge " + member + ": " + failure.reason());
      } else if (verdict instanceof Verdict.Abstention declined) {
        abstention = "judge " + member + ": " + declined.reason();
      } else if (verdict instanceof Verdict.Preference preference) {
        lead += lead(preference.probability());
        decided++;
      }
    }
    return decided == 0
        ? new Verdict.Abstention(abstention)
        : Verdict.of(0.5 + Math.max(-0.5, Math.min(0.5, lead / decided)));
  }

  /** How far a vote is above ½; summed like this, both orders of the responses sum to 1. */
  private double lead(double probability) {
    return vote == Vote.MEAN ? probability - 0.5 : Math.signum(probability - 0.5) / 2;
  }
}
