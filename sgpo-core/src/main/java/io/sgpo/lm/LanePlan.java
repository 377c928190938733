package io.sgpo.lm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How groups of rows are divided into lanes, which go through a model side by side on a share of
 * the threads each. A function of its components and the groups' lengths.
 *
 * @param threads of one operation that has them all, {@code >= 1}
 * @param most the most lanes, {@code >= 1}
 * @param cost of a lane beside the first, in units of work
 */
record LanePlan(int threads, int most, long cost) {

  /** Nothing goes side by side. */
  static final LanePlan ONE = new LanePlan(1, 1, 0);

  /**
   * Each lane of a step takes a place in the compiled kernels, for as long as its model is open.
   */
  static final int MOST = 8;

  /** The gradients that lanes have beside the first one take no more bytes. */
  private static final long MOST_GRADIENTS = 1L << 29;

  /** What lanes read for every token beside the first one is no more bytes. */
  private static final long MOST_READ = 1L << 28;

  /**
   * Tokens that one thread computes in the time that a lane's gradients take: per weight 6
   * operations a token, and about 25 bytes that are written, read and added.
   */
  private static final long GRADIENT_TOKENS = 40;

  /**
   * Tokens that take as long as what a pass takes however few it has, such as oneDNN's laying out
   * the weights. Measured at 15 million weights: 2,000 tokens were not faster in two lanes, 4,000
   * were.
   */
  private static final long PASS_TOKENS = 200;

  /**
   * The most numbers of a layer's matrices. Measured with two threads: at a million scoring is
   * faster in two lanes, at 7 million hardly, at 15 million slower in small passes.
   */
  private static final long MOST_LAYER = 1L << 23;

  /**
   * n threads compute an operation n^SPEED times as fast as one. Measured with two of them in
   * training steps: 0.6 at 15 million weights, 0.8 at 110 million, 0.95 at the dimensions of 500.
   */
  private static final double SPEED = 0.8;

  /**
   * For training steps.
   *
   * @param threads of one operation
   * @param gradients bytes of those of all that is trained
   */
  static LanePlan training(int threads, long gradients) {
    return of(threads, MOST_GRADIENTS / Math.max(1, gradients), GRADIENT_TOKENS);
  }

  /**
   * For drawing tokens.
   *
   * @param threads of one operation
   * @param weights bytes of all that compute
   */
  static LanePlan drawing(int threads, long weights) {
    return of(threads, MOST_READ / Math.max(1, weights), 0);
  }

  /**
   * For scoring without gradients.
   *
   * @param threads of one operation
   * @param weights bytes of all that compute
   * @param layer numbers of a layer's matrices
   */
  static LanePlan scoring(int threads, long weights, long layer) {
    long beside = layer > MOST_LAYER ? 0 : MOST_READ / Math.max(1, weights);
    return of(threads, beside, PASS_TOKENS);
  }

  private static LanePlan of(int threads, long beside, long cost) {
    return new LanePlan(threads, (int) Math.min(Math.min(threads, MOST), 1 + beside), cost);
  }

  LanePlan atMost(int lanes) {
    return new LanePlan(threads, Math.min(most, lanes), cost);
  }

  /**
   * Which lane computes which group.
   *
   * @param groups of every lane
   * @param threadsEach threads of one operation of a lane
   */
  record Division(List<Set<Integer>> groups, int threadsEach) {

    /** How many lanes there are. */
    int count() {
      return groups.size();
    }

    boolean isIn(int group, int lane) {
      return groups.get(lane).contains(group);
    }
  }

  /**
   * The division that is expected to take the shortest time; of equal ones that of more lanes.
   *
   * @param work of every group, such as its tokens; none for no groups
   */
  Division divide(long[] work) {
    return divide(lanes -> work);
  }

  /**
   * The same where the groups depend on the number of lanes.
   *
   * @param work of every group, given that number
   */
  Division divide(IntFunction<long[]> work) {
    long[] whole = work.apply(1);
    Division best = divide(whole, 1);
    double shortest = time(whole, best);
    for (int count = 2; count <= most; count++) {
      long[] ofCount = work.apply(count);
      Division division = divide(ofCount, count);
      double time = time(ofCount, division);
      if (time <= shortest && ofCount.length >= count) {
        best = division;
        shortest = time;
      }
    }
    return best;
  }

  /** The longest groups first, each to the lane with the least (Graham 1969). */
  private Division divide(long[] work, int count) {
    List<Set<Integer>> groups = new ArrayList<>();
    IntStream.range(0, count).forEach(lane -> groups.add(new TreeSet<>()));
    long[] loads = new long[count];
    IntStream.range(0, work.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer group) -> work[group]).reversed())
        .forEach(
            group -> {
              int lane = least(loads);
              groups.get(lane).add(group);
              loads[lane] += work[group];
            });
    return new Division(groups, threads / count);
  }

  private static int least(long[] loads) {
    int least = 0;
    for (int lane = 1; lane < loads.length; lane++) {
      least = loads[lane] < loads[least] ? lane : least;
    }
    return least;
  }

  /** That of the lane that ends last, in units of one thread's time for a unit of work. */
  private double time(long[] work, Division division) {
    long longest =
        division.groups().stream()
            .mapToLong(groups -> groups.stream().mapToLong(group -> work[group]).sum())
            .max()
            .orElseThrow();
    return longest / Math.pow(division.threadsEach(), SPEED) + cost * (division.count() - 1.0);
  }
}
