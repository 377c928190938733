package io.sgpo.train;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.JudgeFailedException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asking a preference model. */
public final class Verdicts {

  /** How often a judge that answers nothing at all is asked before it is taken to be down. */
  public static final int ATTEMPTS = 3;

  private Verdicts() {}

  /**
   * One verdict per comparison, of which at least one is not a failure if there is any. A judge
   * that fails at every comparison is asked again, {@value #ATTEMPTS} times in all; an abstention
   * is an answer.
   *
   * @param warnings hears of every such attempt, with a reason
   * @throws JudgeFailedException if it failed at every comparison each time
   * @throws IllegalStateException if the model does not answer every comparison
   */
  public static List<Verdict> answered(
      PreferenceModel judge, List<Comparison> comparisons, Consumer<String> warnings) {
    return answered(
        comparisons.size() + " comparisons",
        () -> of(judge, comparisons),
        verdicts ->
            failures(verdicts).size() == verdicts.size()
                ? failures(verdicts).stream().findFirst()
                : Optional.empty(),
        warnings);
  }

  /** How many of the comparisons failed, with the first reason; nothing if none did. */
  public static Optional<String> failed(List<Verdict> verdicts) {
    List<String> reasons = failures(verdicts);
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the judge failed at %d of %d comparisons; the first reason was: %s"
                .formatted(reasons.size(), verdicts.size(), reasons.get(0)));
  }

  /** How many of the comparisons the judge declined, with the first reason; nothing if none. */
  public static Optional<String> declined(List<Verdict> verdicts) {
    List<String> reasons =
        verdicts.stream()
            .filter(Verdict.Abstention.class::isInstance)
            .map(verdict -> ((Verdict.Abstention) verdict).reason())
            .toList();
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the judge declined %d of %d comparisons; the first reason was: %s"
                .formatted(reasons.size(), verdicts.size(), reasons.get(0)));
  }

  private static List<String> failures(List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(Verdict.Failure.class::isInstance)
        .map(verdict -> ((Verdict.Failure) verdict).reason())
        .toList();
  }

  /**
   * What a judge says, asked {@value #ATTEMPTS} times in all while that is nothing.
   *
   * @param asked what it is asked, for messages
   * @param question asks it
   * @param failure why an answer is none, if it is none
   * @param warnings hears of every attempt that was not answered
   * @throws JudgeFailedException if none was answered
   */
  public static <T> T answered(
      String asked,
      Supplier<T> question,
      Function<? super T, Optional<String>> failure,
      Consumer<String> warnings) {
    String first = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Interruption.check("judging");
      T answer = question.get();
      Optional<String> reason = failure.apply(answer);
      if (reason.isEmpty()) {
        return answer;
      }
      first = first == null ? reason.get() : first;
      warnings.accept(
          "the judge answered none of %s, asked %d of %d times; the first reason was: %s"
              .formatted(asked, attempt, ATTEMPTS, reason.get()));
    }
    throw new JudgeFailedException(asked, ATTEMPTS, String.valueOf(first));
  }

  /**
   * One verdict per comparison; the model is not asked if there is none.
   *
   * @throws IllegalStateException if the model does not answer every comparison
   */
  public static List<Verdict> of(PreferenceModel judge, List<Comparison> comparisons) {
    List<Verdict> verdicts = comparisons.isEmpty() ? List.of() : judge.compare(comparisons);
    if (verdicts.size() != comparisons.size()) {
      throw new IllegalStateException(
          "the preference model must answer every comparison: there were %d, but the verdicts were %d"
              .formatted(comparisons.size(), verdicts.size()));
    }
    return verdicts;
  }
}
