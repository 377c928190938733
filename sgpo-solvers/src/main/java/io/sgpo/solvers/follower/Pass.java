package io.sgpo.solvers.follower;

import java.io.Serializable;

/**
 * What one pass over gaps gathers. Partial results merge, so gaps may be split in any way.
 *
 * @param <P> the pass itself
 */
interface Pass<P extends Pass<P>> extends Serializable {

  /** Takes up the gaps [from, to) of an array, which is not kept. */
  void add(double[] gaps, int from, int to);

  /** Takes up what another pass gathered from gaps that come later; that one is used up. */
  void merge(P later);
}
