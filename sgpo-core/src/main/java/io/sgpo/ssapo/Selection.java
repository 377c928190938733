package io.sgpo.ssapo;

import io.sgpo.policy.Sample;
import io.sgpo.run.Metric;
import java.util.ArrayList;
import java.util.List;

/** Of a prompt's responses, which are compared and which two become a pair. */
final class Selection {

  /** Why a prompt gave no pair. */
  enum Drop {
    EMPTY,
    EQUAL_TEXT,
    EQUAL_SCORE,
    UNJUDGED;

    Metric metric() {
      return switch (this) {
        case EMPTY -> AnnotationMetrics.DROPPED_EMPTY;
        case EQUAL_TEXT -> AnnotationMetrics.DROPPED_EQUAL_TEXT;
        case EQUAL_SCORE -> AnnotationMetrics.DROPPED_EQUAL_SCORE;
        case UNJUDGED -> AnnotationMetrics.DROPPED_UNJUDGED;
      };
    }
  }

  /**
   * The best and the worst of a prompt's responses.
   *
   * @param margin how far apart their scores are; 0 if they are equal
   */
  record Extremes(int best, int worst, double margin) {}

  private Selection() {}

  /** The responses that are not empty. */
  static List<Sample> notEmpty(List<Sample> samples) {
    return samples.stream()
        .filter(sample -> !Answers.isEmpty(sample.exchange().response()))
        .toList();
  }

  /** The responses that differ from all before them. */
  static List<Sample> distinct(List<Sample> samples) {
    List<Sample> distinct = new ArrayList<>();
    for (Sample sample : samples) {
      if (distinct.stream().noneMatch(seen -> same(seen, sample))) {
        distinct.add(sample);
      }
    }
    return distinct;
  }

  private static boolean same(Sample one, Sample other) {
    return Answers.same(one.exchange().response(), other.exchange().response());
  }

  /** How many scores there are. */
  static long scored(double[] scores) {
    long count = 0;
    for (double score : scores) {
      count += Double.isNaN(score) ? 0 : 1;
    }
    return count;
  }

  /** The first of the highest and the first of the lowest scores; at least one is not NaN. */
  static Extremes extremes(double[] scores) {
    int best = -1;
    int worst = -1;
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        continue;
      }
      best = best < 0 || scores[i] > scores[best] ? i : best;
      worst = worst < 0 || scores[i] < scores[worst] ? i : worst;
    }
    return new Extremes(best, worst, scores[best] - scores[worst]);
  }
}
