package io.sgpo.run;

import java.util.Objects;

/**
 * How far a phase has come, for progress bars.
 *
 * @param phase what is done, such as {@code annotate}
 * @param round the round, from 1; 0 is the warm start
 * @param done units done
 * @param total units to do
 */
public record Progress(String phase, int round, long done, long total) {
  public Progress {
    Objects.requireNonNull(phase, "phase");
  }
}
