package io.sgpo.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Products of two square float32 matrices: the processor's practical peak. */
final class MatrixProduct implements Runnable, AutoCloseable {

  private static final int SIZE = 1024;
  private static final int TIMES = 10;

  /** Floating-point operations of one run. */
  static final double OPERATIONS = 2.0 * SIZE * SIZE * SIZE * TIMES;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final NDArray left = manager.ones(new Shape(SIZE, SIZE), DataType.FLOAT32);
  private final NDArray right = manager.ones(new Shape(SIZE, SIZE), DataType.FLOAT32);

  @Override
  public void run() {
    for (int i = 0; i < TIMES; i++) {
      try (NDArray result = left.matMul(right)) {
        result.getFloat(0, 0);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
