package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.LongStream;

/** All logits of a sequence. */
final class Logits {

  private Logits() {}

  /** [ids][vocabulary]. */
  static double[][] of(CausalLm policy, int[] ids) {
    try (NDManager scratch = policy.decoder().scratch()) {
      NDArray index = scratch.create(LongStream.range(0, ids.length).toArray());
      float[] flat =
          policy
              .decoder()
              .call(
                  "logits",
                  false,
                  scratch.create(Arrays.stream(ids).asLongStream().toArray()),
                  index.toType(DataType.FLOAT32, true),
                  scratch.create(new long[] {1, ids.length, -1}, new Shape(1, 3)),
                  index)
              .singletonOrThrow()
              .toFloatArray();
      double[][] rows = new double[ids.length][flat.length / ids.length];
      for (int i = 0; i < flat.length; i++) {
        rows[i / rows[0].length][i % rows[0].length] = flat[i];
      }
      return rows;
    }
  }
}
