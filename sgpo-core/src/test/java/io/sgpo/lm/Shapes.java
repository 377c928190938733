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
    OptionalDouble cap =
        architecture == Architecture.GEMMA2 ? OptionalDouble.of(50) : OptionalDouble.empty();
    return of(
        architecture, vocabulary, hidden, inner, layers, heads, positions, rope, cap, deviation);
  }

  /** A Gemma 2 with weights ten times as large as usual, whose scores are capped or not. */
  static ModelConfig gemma2(
      int vocabulary, int hidden, int inner, int layers, int heads, OptionalDouble cap) {
    return of(
        Architecture.GEMMA2,
        vocabulary,
        hidden,
        inner,
        layers,
        heads,
        2048,
        Rope.of(10_000),
        cap,
        0.2);
  }

  /** A model whose tokens see so many, with weights ten times as large as usual. */
  static ModelConfig windowed(int window) {
    return new ModelConfig(
        Architecture.MISTRAL,
        40,
        32,
        48,
        2,
        4,
        2,
        8,
        2048,
        1e-5,
        Rope.of(10_000),
        ModelConfig.Scores.PLAIN,
        false,
        false,
        false,
        OptionalInt.of(window),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of(),
        0.2);
  }

  private static ModelConfig of(
      Architecture architecture,
      int vocabulary,
      int hidden,
      int inner,
      int layers,
      int heads,
      int positions,
      Rope rope,
      OptionalDouble cap,
      double deviation) {
    boolean gemma2 = architecture == Architecture.GEMMA2;
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
        gemma2
            ? new ModelConfig.Scores(OptionalDouble.of(24), cap, OptionalDouble.of(30))
            : ModelConfig.Scores.PLAIN,
        architecture != Architecture.PHI3,
        false,
        false,
        gemma2 ? OptionalInt.of(32) : OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Set.of(),
        deviation);
  }
}
