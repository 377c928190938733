package io.sgpo.ssapo;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gaps with labels as the distribution that the follower moves. A pair whose label is certain is a
 * mass at its gap ξ. One that is right with probability p is a mass p at ξ and a mass 1 − p at −ξ,
 * the gap that the other label would have: so the mean loss over the masses is the mean of p ℓ(ξ) +
 * (1 − p) ℓ(−ξ), which the leader descends without a follower.
 */
final class LabelledGaps {

  private static final int NONE = -1;

  private final double[] gaps;
  private final double[] probabilities;
  private final double[] atoms;
  private final double @Nullable [] masses;
  private final int[] mirrored;

  /**
   * @param gaps ξ_i; kept
   * @param probabilities p_i; kept
   */
  LabelledGaps(double[] gaps, double[] probabilities) {
    this.gaps = gaps;
    this.probabilities = probabilities;
    this.mirrored = new int[gaps.length];
    Arrays.fill(mirrored, NONE);
    int size = gaps.length;
    for (int i = 0; i < gaps.length; i++) {
      if (probabilities[i] < 1) {
        mirrored[i] = size++;
      }
    }
    if (size == gaps.length) {
      atoms = gaps;
      masses = null;
    } else {
      atoms = Arrays.copyOf(gaps, size);
      masses = Arrays.copyOf(probabilities, size);
      for (int i = 0; i < gaps.length; i++) {
        if (mirrored[i] != NONE) {
          atoms[mirrored[i]] = -gaps[i];
          masses[mirrored[i]] = 1 - probabilities[i];
        }
      }
    }
  }

  /** ξ_i of the pairs; not a copy. */
  double[] gaps() {
    return gaps;
  }

  /** p_i of the pairs; not a copy. */
  double[] probabilities() {
    return probabilities;
  }

  /** Where there is mass: the pairs' gaps, then those of the other labels; not a copy. */
  double[] atoms() {
    return atoms;
  }

  /** The masses of the atoms, or null if every atom has the same; not a copy. */
  double @Nullable [] masses() {
    return masses;
  }

  /** The atom of the pair's other label; only where p {@code < 1}. */
  int mirrored(int pair) {
    return mirrored[pair];
  }

  /** The mean of numbers per atom. */
  double mean(double[] ofAtoms) {
    double sum = 0;
    for (int i = 0; i < ofAtoms.length; i++) {
      sum += mass(i) * ofAtoms[i];
    }
    return sum / gaps.length;
  }

  /** The mass of an atom; the masses sum to the number of pairs. */
  double mass(int atom) {
    return masses == null ? 1 : masses[atom];
  }

  /**
   * Where the proximal term pulls each pair's gap: z_i* of its atom, and of a label that is only
   * probable p z_i* − (1 − p) z', the mean over both of its atoms.
   *
   * @param positions z* of the atoms
   */
  double[] targets(double[] positions) {
    double[] targets = Arrays.copyOf(positions, gaps.length);
    for (int pair = 0; pair < targets.length; pair++) {
      double p = probabilities[pair];
      if (p < 1) {
        targets[pair] = p * positions[pair] - (1 - p) * positions[mirrored[pair]];
      }
    }
    return targets;
  }
}
