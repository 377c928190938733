package io.sgpo.ssapo;

import io.sgpo.preference.LossType;
import io.sgpo.run.Option;
import io.sgpo.run.Options;
import io.sgpo.solvers.loss.PreferenceLoss;
import io.sgpo.spi.StandardOptions;
import java.util.Objects;
import java.util.Set;

/**
 * The loss of a pair: ℓ of its gap, and of a label that is only probable p ℓ(ξ) + (1 − p) ℓ(−ξ).
 *
 * @param type which loss; SIGMOID unless set
 * @param labelSmoothing e in [0, ½), the share of labels taken to be flipped; 0 unless set
 */
public record PairLoss(LossType type, double labelSmoothing) {

  /** The loss of DPO. */
  public static final PairLoss DPO = new PairLoss(LossType.SIGMOID, 0);

  /** The options that {@link #from} reads. */
  public static final Set<Option<?>> READ =
      Set.of(StandardOptions.LOSS, StandardOptions.LABEL_SMOOTHING);

  /**
   * @throws IllegalArgumentException if the smoothing is outside [0, ½)
   * @throws IllegalStateException if the loss takes no smoothing and has one, or needs one
   */
  public PairLoss {
    Objects.requireNonNull(type, "type");
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException(
          "labelSmoothing must be in [0, 1/2), but was " + labelSmoothing);
    }
    boolean smoothed = type == LossType.SIGMOID || type == LossType.ROBUST;
    if (labelSmoothing > 0 && !smoothed) {
      throw new IllegalStateException(
          "labelSmoothing must be 0 where loss is %s, but was %s; soft labels serve every loss"
              .formatted(type, labelSmoothing));
    }
    if (labelSmoothing == 0 && type == LossType.ROBUST) {
      throw new IllegalStateException(
          "labelSmoothing must be > 0 where loss is ROBUST, but was 0.0: it is the share of"
              + " flipped labels");
    }
  }

  /**
   * What was set, or the loss of DPO.
   *
   * @throws IllegalStateException as the constructor
   */
  public static PairLoss from(Options options) {
    return new PairLoss(
        options.get(StandardOptions.LOSS, LossType.SIGMOID),
        options.get(StandardOptions.LABEL_SMOOTHING, 0.0));
  }

  /** Whether this is the loss of DPO, which every follower solves. */
  boolean isLogistic() {
    return type == LossType.SIGMOID && labelSmoothing == 0;
  }

  /** ℓ, a function of gaps that were taken with this β. */
  PreferenceLoss of(double beta) {
    return switch (type) {
      case SIGMOID -> PreferenceLoss.sigmoid(labelSmoothing);
      case HINGE -> PreferenceLoss.hinge();
      case IPO -> PreferenceLoss.ipo(beta);
      case ROBUST -> PreferenceLoss.robust(labelSmoothing);
    };
  }

  /** p ℓ(ξ) + (1 − p) ℓ(−ξ). */
  static double value(PreferenceLoss loss, double gap, double probability) {
    return probability == 1
        ? loss.value(gap)
        : probability * loss.value(gap) + (1 - probability) * loss.value(-gap);
  }

  /** Its derivative by ξ, p ℓ'(ξ) − (1 − p) ℓ'(−ξ). */
  static double slope(PreferenceLoss loss, double gap, double probability) {
    return probability == 1
        ? loss.slope(gap)
        : probability * loss.slope(gap) - (1 - probability) * loss.slope(-gap);
  }
}
