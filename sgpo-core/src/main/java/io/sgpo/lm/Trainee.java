package io.sgpo.lm;

/**
 * A decoder and what updates its trained tensors. Whoever made it closes it.
 *
 * @param decoder the weights and kernels
 * @param optimizer of its trained tensors
 */
record Trainee(Decoder decoder, Optimizer optimizer) implements AutoCloseable {

  /** A trainee that has taken no step. */
  static Trainee of(Decoder decoder) {
    return new Trainee(decoder, new Optimizer(decoder));
  }

  @Override
  public void close() {
    optimizer.close();
    decoder.close();
  }
}
