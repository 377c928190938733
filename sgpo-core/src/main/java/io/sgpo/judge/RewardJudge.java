package io.sgpo.judge;

import io.sgpo.dialogue.Exchange;
import io.sgpo.lm.RewardModel;
import io.sgpo.preference.ClassIdentity;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.train.Interruption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A scalar reward as a judge, p(y ≻ y' | x) = σ((r(x, y) − r(x, y')) / T) (Bradley and Terry 1952).
 * Each different exchange of a call is scored once. An exchange that the reward cannot read, and a
 * reward that is not finite, is a failure of the comparisons it is in and of no others. As
 * thread-safe as the reward.
 */
public final class RewardJudge implements PreferenceModel, RewardFunction {

  private final RewardFunction reward;
  private final Supplier<String> name;
  private final double temperature;

  private RewardJudge(RewardFunction reward, Supplier<String> name, double temperature) {
    this.reward = reward;
    this.name = name;
    this.temperature = temperature;
  }

  /**
   * The judge of a reward at temperature 1. Its identity is the name of the reward's class.
   *
   * @see #of(RewardModel)
   */
  public static RewardJudge of(RewardFunction reward) {
    Objects.requireNonNull(reward, "reward");
    return new RewardJudge(reward, () -> ClassIdentity.of(reward.getClass()), 1);
  }

  /** The judge of a reward model at temperature 1. Its identity is the digest of the weights. */
  public static RewardJudge of(RewardModel model) {
    return new RewardJudge(model::scores, model::digest, 1);
  }

  /**
   * The same at another temperature.
   *
   * @param value T {@code > 0}; above 1 brings probabilities nearer to ½
   * @throws IllegalArgumentException if it is outside its domain
   */
  public RewardJudge temperature(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("temperature must be finite and > 0, but was " + value);
    }
    return new RewardJudge(reward, name, value);
  }

  /** Reads all weights of a reward model. */
  @Override
  public String identity() {
    return "reward " + name.get() + " at temperature " + temperature;
  }

  /** The reward of an exchange, and what is wrong with it if it is not finite. */
  private record Scored(double score, String fault) {}

  @Override
  public List<Verdict> compare(List<Comparison> comparisons) {
    Interruption.check("judging");
    Map<Exchange, Scored> scores = judged(comparisons);
    List<Verdict> verdicts = new ArrayList<>(comparisons.size());
    for (Comparison comparison : comparisons) {
      Scored first = Objects.requireNonNull(scores.get(first(comparison)));
      Scored second = Objects.requireNonNull(scores.get(second(comparison)));
      verdicts.add(verdict(first, second));
    }
    return List.copyOf(verdicts);
  }

  private Map<Exchange, Scored> judged(List<Comparison> comparisons) {
    Set<Exchange> different = new LinkedHashSet<>();
    for (Comparison comparison : comparisons) {
      different.add(first(comparison));
      different.add(second(comparison));
    }
    List<Exchange> exchanges = List.copyOf(different);
    List<Scored> scored = scored(exchanges);
    Map<Exchange, Scored> scores = new HashMap<>();
    for (int i = 0; i < exchanges.size(); i++) {
      scores.put(exchanges.get(i), scored.get(i));
    }
    return scores;
  }

  /** The rewards themselves; NaN for an exchange that cannot be scored. */
  @Override
  public double[] scores(List<Exchange> exchanges) {
    Interruption.check("judging");
    return scored(exchanges).stream().mapToDouble(Scored::score).toArray();
  }

  private List<Scored> scored(List<Exchange> exchanges) {
    return Bisection.answers(
        exchanges, this::score, why -> new Scored(Double.NaN, "cannot be scored: " + why));
  }

  private List<Scored> score(List<Exchange> exchanges) {
    return Arrays.stream(reward.scores(exchanges))
        .mapToObj(score -> new Scored(score, "the reward must be finite, but was " + score))
        .toList();
  }

  private static Exchange first(Comparison comparison) {
    return new Exchange(comparison.prompt(), comparison.first());
  }

  private static Exchange second(Comparison comparison) {
    return new Exchange(comparison.prompt(), comparison.second());
  }

  private Verdict verdict(Scored first, Scored second) {
    for (Scored side : List.of(first, second)) {
      if (!Double.isFinite(side.score)) {
        return new Verdict.Failure(side.fault);
      }
    }
    return Verdict.of(Sigmoid.of((first.score - second.score) / temperature));
  }
}
