package io.sgpo.run;

import io.sgpo.preference.PreferencePair;
import java.util.Objects;

/**
 * A pair that the policy or a preference model annotated during a run.
 *
 * @param round the round, from 1
 * @param pair the pair
 * @param margin how far apart the two were for the annotator: the difference of implicit rewards,
 *     or of preference from ½
 */
public record AnnotatedPair(int round, PreferencePair pair, double margin) {
  public AnnotatedPair {
    Objects.requireNonNull(pair, "pair");
  }
}
