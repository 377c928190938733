package io.sgpo.spi;

import io.sgpo.run.Alignment;
import io.sgpo.run.AlignmentListener;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import java.util.Set;

/**
 * An alignment algorithm. Implementations are stateless: all state of a run lives in the {@link
 * Run} they prepare. Those listed as services of this type are found by name.
 */
public interface AlignmentEngine {

  /** The name by which {@code Aligner.Builder.engine(String)} finds it, such as {@code ssapo}. */
  String name();

  /** The options it reads; any other that was set is refused before {@link #prepare}. */
  Set<Option<?>> options();

  /**
   * Validates the options and prepares a run; nothing is sampled or trained yet.
   *
   * @param options what was set
   * @param listener where the run's events go; it never throws an exception
   * @throws IllegalStateException if an option it needs is not set, or two contradict each other
   * @throws IllegalArgumentException if a value is outside its domain
   */
  Run prepare(Options options, AlignmentListener listener);

  /** One prepared run. */
  @FunctionalInterface
  interface Run {

    /**
     * Trains the policy to the end.
     *
     * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
     */
    Alignment run();
  }
}
