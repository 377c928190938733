package io.sgpo.tabular;

import io.sgpo.policy.AdamW;
import io.sgpo.policy.PolicyRole;
import io.sgpo.train.ArrayAdamW;
import java.util.ArrayList;
import java.util.List;

/** The logits of a table that are trained, for both roles together or for each. */
final class TableWeights {

  /** Logits and what updates them. */
  static final class Part {
    private final double[] logits;
    private ArrayAdamW optimizer;

    private Part(double[] logits) {
      this.logits = logits;
      this.optimizer = new ArrayAdamW(logits.length, AdamW.DEFAULT);
    }

    double[] logits() {
      return logits;
    }

    ArrayAdamW optimizer() {
      return optimizer;
    }

    void restore(double[] values, ArrayAdamW.State state) {
      System.arraycopy(values, 0, logits, 0, logits.length);
      optimizer = ArrayAdamW.of(state);
    }
  }

  private final List<Part> parts = new ArrayList<>();

  /**
   * @param logits the leader's, and the follower's if it has some of its own; taken over
   */
  TableWeights(List<double[]> logits) {
    logits.forEach(values -> parts.add(new Part(values)));
  }

  boolean hasFollower() {
    return parts.size() > 1;
  }

  /** The leader's, then the follower's if it has some of its own. */
  List<Part> parts() {
    return parts;
  }

  double[] logits(PolicyRole role) {
    return of(all(), role);
  }

  /** All logits, in the order of the parts. */
  List<double[]> all() {
    return parts.stream().map(Part::logits).toList();
  }

  /** Of one array, or one for each role, that of a role. */
  static double[] of(List<double[]> parts, PolicyRole role) {
    return parts.get(place(parts, role));
  }

  static int place(List<double[]> parts, PolicyRole role) {
    return role == PolicyRole.FOLLOWER ? parts.size() - 1 : 0;
  }
}
