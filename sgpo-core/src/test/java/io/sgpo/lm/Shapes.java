package io.sgpo.lm;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** Configurations of any architecture, as small as a test likes. */
final class Shapes {

  private Shapes() {}

  /** As many key/value heads as heads where the architecture asks for it, else half. */
  static ModelConfig of(
      Architecture architecture, int vocabulary, int hidden, int inner, int layers, int heads) {
    return of(architecture, vocabulary, hidden, inner, layers, heads, 2048, Rope.of(10_000), 0.02);
  }

  static ModelConfig of(
      Architecture architecture,
      int vocabulary,
      int hidden,
      int inner,
      int layers,
      int heads,
      int positions,
      Rope rope,
      double deviation) {
    boolean capped = architecture == Architecture.GEMMA2;
    return new ModelConfig(
        architecture,
        vocabulary,
        hidden,
        inner,
        layers,
        heads,
        architecture == Architecture.GPT2 ? heads : heads / 2,
        hidden / heads,
        positions,
        1e-5,
        rope,
        capped
            ? new ModelConfig.Scores(
                OptionalDouble.of(24), OptionalDouble.of(50), OptionalDouble.of(30))
            : ModelConfig.Scores.PLAIN,
        architecture != Architecture.PHI3,
        false,
        false,
        capped ? OptionalInt.of(32) : OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of(),
        deviation);
  }
}
