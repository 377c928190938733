package io.sgpo.peers;

/** A linear program that a solver holds in its own form. */
public interface LoadedProgram extends AutoCloseable {

  /**
   * The optimal value.
   *
   * @throws IllegalStateException if the solver ended with anything but an optimum
   */
  double solve();

  @Override
  void close();
}
