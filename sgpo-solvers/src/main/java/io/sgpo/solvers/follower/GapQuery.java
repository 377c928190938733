package io.sgpo.solvers.follower;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The exact follower as questions to partitions, for gaps that do not fit in memory or live on a
 * cluster. The driver broadcasts a query, each partition adds its gaps to a digest of it, the
 * merged digest gives the next query, until one is answered:
 *
 * <pre>{@code
 * GapQuery query = GapQuery.relativeRadius(0.2).supportAround(1);
 * while (!query.isAnswered()) {
 *   // margins is a JavaRDD<float[]> or JavaRDD<double[]>, a chunk of gaps each
 *   query = query.next(margins.treeAggregate(query.digest(), GapDigest::add, GapDigest::merge));
 * }
 * StreamedWorstCase worst = query.answer();
 * }</pre>
 *
 * <p>The answer is that of {@link ExactFollower}: the marginal gap is found in twice the precision
 * of a double, so threshold and dual price do not depend on partitions, chunks or the order of
 * merges; the value does by the rounding of its sum, less than 2^−43 relative to the terms.
 *
 * <p><b>Passes.</b> One that measures the gaps, if the support depends on them; a histogram of
 * {@value #BUCKETS} buckets; one that sums losses above the marginal bucket and collects what is in
 * it. So two, or three with {@link Ball#supportAround}, up to some 10^7 gaps, and one more per
 * factor of about a thousand. A bucket that holds more than {@value #CAPACITY} different gaps is
 * cut again: into equal widths while that leaves at most a sixteenth, else into equally many
 * doubles, which ends after six cuts. So far outliers cost passes, never more than 9 + log₁₆(N /
 * {@value #CAPACITY}).
 *
 * <p>Immutable and serializable if the loss is; {@link GapLoss#logistic()} and {@link
 * io.sgpo.solvers.loss.Tangents} are.
 */
public final class GapQuery implements Serializable {
  static final int BUCKETS = 4096;

  static final int CAPACITY = 1 << 16;

  /** What sums in twice the precision of a double may differ by in another order. */
  private static final double SUM_ROUNDING = 0x1p-80;

  private final GapProblem problem;
  private final int pass;
  private final @Nullable Ambiguity ambiguity;
  private final @Nullable GapSummary summary;

  /** Where the marginal gap is; null while the gaps were not summarised or nothing is split. */
  private final @Nullable Bracket bracket;

  private final @Nullable Knapsack knapsack;

  private GapQuery(
      GapProblem problem,
      int pass,
      @Nullable Ambiguity ambiguity,
      @Nullable GapSummary summary,
      @Nullable Bracket bracket,
      @Nullable Knapsack knapsack) {
    this.problem = problem;
    this.pass = pass;
    this.ambiguity = ambiguity;
    this.summary = summary;
    this.bracket = bracket;
    this.knapsack = knapsack;
  }

  private static GapQuery first(GapProblem problem) {
    return new GapQuery(problem, 1, null, null, null, null);
  }

  /** The worst case within an ambiguity set. */
  public static GapQuery of(Ambiguity ambiguity) {
    return first(
        new GapProblem(
            ambiguity.radius(),
            false,
            Double.NaN,
            ambiguity.lower(),
            ambiguity.upper(),
            ambiguity.loss()));
  }

  /**
   * A Wasserstein ball; its support is still to be named.
   *
   * @param radius ε {@code >= 0}
   * @throws IllegalArgumentException if the radius is negative or NaN
   */
  public static Ball wasserstein(double radius) {
    return new Ball(radius, false);
  }

  /**
   * A Wasserstein ball of radius ε = ρ (mean ξ − a); its support is still to be named.
   *
   * @param share ρ in [0, 1)
   * @throws IllegalArgumentException if the share is not in [0, 1)
   */
  public static Ball relativeRadius(double share) {
    return new Ball(share, true);
  }

  /**
   * A Wasserstein ball that lacks its support.
   *
   * @param radius ε, or ρ if it is relative
   * @param relative whether the radius is relative to mean ξ − a
   */
  public record Ball(double radius, boolean relative) {
    public Ball {
      new GapProblem(radius, relative, 0, 0, 0, GapLoss.logistic());
    }

    /** The ball on the support [lower, upper]. */
    public GapQuery support(double lower, double upper) {
      return first(new GapProblem(radius, relative, Double.NaN, lower, upper, GapLoss.logistic()));
    }

    /**
     * The ball on the support [min ξ − τ, max ξ + τ]; takes one pass to find them.
     *
     * @param margin τ {@code >= 0}
     */
    public GapQuery supportAround(double margin) {
      if (Double.isNaN(margin)) {
        throw new IllegalArgumentException("tau must be finite and >= 0, but was NaN");
      }
      return first(new GapProblem(radius, relative, margin, 0, 0, GapLoss.logistic()));
    }
  }

  /**
   * The same question with another loss.
   *
   * @throws IllegalStateException if a pass was made
   */
  public GapQuery loss(GapLoss loss) {
    if (pass > 1) {
      throw new IllegalStateException("the loss must be set before the first pass");
    }
    return first(
        new GapProblem(
            problem.radius(),
            problem.relative(),
            problem.margin(),
            problem.lower(),
            problem.upper(),
            loss));
  }

  /** Whether no further pass is needed. */
  public boolean isAnswered() {
    return knapsack != null;
  }

  /** The pass that this query asks for, from 1; of an answered query the passes made, plus 1. */
  public int pass() {
    return pass;
  }

  /**
   * An empty digest of this query.
   *
   * @throws IllegalStateException if the query is answered
   */
  public GapDigest digest() {
    requireOpen();
    if (summary == null) {
      return problem.supportIsOpen()
          ? new GapDigest(key(), Extent.ofFinite(), null, null)
          : new GapDigest(
              key(), new Extent(problem.lower(), problem.upper()), histogram(range(), false), null);
    }
    return narrows()
        ? new GapDigest(key(), null, histogram(range(), byKey()), null)
        : new GapDigest(key(), null, null, new Tail(range(), CAPACITY, problem.loss()));
  }

  /**
   * What to ask next.
   *
   * @param digest of this query, of all partitions
   * @throws IllegalArgumentException if the digest answers another query, there are no gaps in it,
   *     sums overflow, or the loss is not finite at the support's lower end
   * @throws IllegalStateException if the query is answered, or the gaps are not those of the passes
   *     before
   */
  public GapQuery next(GapDigest digest) {
    requireOpen();
    key().requireEqual(digest.key());
    if (summary == null) {
      return measured(digest);
    }
    if (narrows()) {
      requireSame(digest.histogram().size(), summary.size(), "gaps");
      return searching(Objects.requireNonNull(bracket).narrowed(digest.histogram()));
    }
    return summed(digest.tail());
  }

  /**
   * The worst case.
   *
   * @throws IllegalStateException if the query is not answered
   */
  public StreamedWorstCase answer() {
    if (knapsack == null || ambiguity == null || summary == null) {
      throw new IllegalStateException("the query must be answered, but asks for pass " + pass);
    }
    return new StreamedWorstCase(ambiguity, summary, knapsack, pass - 1);
  }

  @Override
  public String toString() {
    return "GapQuery[" + problem + ", " + (isAnswered() ? knapsack : key()) + "]";
  }

  /** After the first pass: number, range and sum of the gaps are known. */
  private GapQuery measured(GapDigest digest) {
    GapSummary any = digest.extent().summary(0);
    Ambiguity set = problem.resolved(any);
    GapSummary found = any.on(set.lower());
    LossSum.atLower(set); // refuses a loss that is infinite there
    if (set.radius() == 0) {
      return new GapQuery(problem, pass + 1, set, found, null, null);
    }
    if (Transport.saturates(found, set.radius())) {
      Knapsack saturated = Knapsack.saturated(found, set);
      return new GapQuery(problem, pass + 1, set, found, null, saturated);
    }
    GapQuery all =
        new GapQuery(problem, pass, set, found, Bracket.around(found, set.radius()), null);
    return problem.supportIsOpen() || !all.narrows()
        ? all.searching(Objects.requireNonNull(all.bracket))
        : all.searching(Objects.requireNonNull(all.bracket).narrowed(digest.histogram()));
  }

  private GapQuery searching(Bracket next) {
    return new GapQuery(problem, pass + 1, ambiguity, summary, next, null);
  }

  /** After the last pass. */
  private GapQuery summed(Tail tail) {
    GapSummary all = Objects.requireNonNull(summary);
    Ambiguity set = Objects.requireNonNull(ambiguity);
    requireSame(tail.size(), all.size(), "gaps");
    requireSameGaps(tail, all);
    if (bracket == null) {
      Knapsack nominal = Knapsack.nominal(all, set.loss(), tail.losses().value());
      return new GapQuery(problem, pass + 1, set, all, null, nominal);
    }
    Knapsack solved = Knapsack.of(all, set, Selection.of(bracket, tail));
    return new GapQuery(problem, pass + 1, set, all, bracket, solved);
  }

  /** What the passes found below, inside and above the marginal range makes up all gaps. */
  private void requireSameGaps(Tail tail, GapSummary all) {
    long below = 0;
    DoubleDouble sum = tail.losses().gaps();
    long inside = 0;
    if (bracket != null) {
      below = bracket.moved();
      inside = bracket.candidates() == 0 ? 0 : tail.candidates().count();
      requireSame(inside, bracket.candidates(), "gaps in " + bracket.range());
      sum = sum.plus(bracket.movedSum());
      sum = inside == 0 ? sum : sum.plus(tail.candidates().sum());
    }
    requireSame(below + inside + tail.losses().count(), all.size(), "gaps");
    double most = Math.max(Math.abs(all.min()), Math.abs(all.max()));
    if (!(Math.abs(sum.minus(all.sum()).value()) <= SUM_ROUNDING * all.size() * most)) {
      throw new IllegalStateException(
          "the gaps must be the same in every pass, but their sum was "
              + sum.value()
              + " where an earlier pass found "
              + all.sum().value());
    }
  }

  private boolean narrows() {
    return bracket != null && bracket.candidates() > CAPACITY && !bracket.range().isPoint();
  }

  private boolean byKey() {
    return bracket != null && bracket.byKey();
  }

  private Range range() {
    if (summary == null) {
      return new Range(problem.lower(), problem.upper());
    }
    return bracket == null ? Range.NONE : bracket.range();
  }

  private static Histogram histogram(Range range, boolean byKey) {
    return new Histogram(range, byKey, BUCKETS);
  }

  private static void requireSame(long found, long expected, String what) {
    if (found != expected) {
      throw new IllegalStateException(
          "the gaps must be the same in every pass, but "
              + found
              + " "
              + what
              + " were found where an earlier pass found "
              + expected);
    }
  }

  private void requireOpen() {
    if (isAnswered()) {
      throw new IllegalStateException("the query is answered after " + (pass - 1) + " passes");
    }
  }

  private Key key() {
    return new Key(
        pass,
        narrows(),
        byKey(),
        range(),
        problem.radius(),
        problem.relative(),
        problem.margin(),
        problem.lower(),
        problem.upper(),
        problem.loss().name());
  }

  /** What tells the digests of one query from those of another; losses are told by their names. */
  record Key(
      int pass,
      boolean narrows,
      boolean byKey,
      Range range,
      double radius,
      boolean relative,
      double margin,
      double lower,
      double upper,
      String loss)
      implements Serializable {
    void requireEqual(Key other) {
      if (!equals(other)) {
        throw new IllegalArgumentException(
            "digests must answer the same query, but were of " + this + " and " + other);
      }
    }

    @Override
    public String toString() {
      return "pass "
          + pass
          + " over ["
          + range.from()
          + ", "
          + range.to()
          + "], radius "
          + radius
          + ", loss "
          + loss;
    }
  }
}
