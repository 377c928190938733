package io.sgpo.spi;

import io.sgpo.policy.TrainablePolicy;
import org.jspecify.annotations.Nullable;

/**
 * States of the policy, each stored once: while no step is taken, the policy is what it was when it
 * was last stored.
 */
final class KeptStates {

  private static final long NEVER = -1;

  private final RunRecord record;
  private @Nullable String last;
  private long lastStep = NEVER;

  KeptStates(RunRecord record) {
    this.record = record;
  }

  /**
   * Stores the policy's state if it is not stored already.
   *
   * @param step steps taken so far
   * @return the state's name
   */
  String keep(TrainablePolicy policy, long step) {
    if (last == null || step != lastStep) {
      last = Shield.call(() -> record.keep(policy, step));
      lastStep = step;
    }
    return last;
  }

  void restore(String name, TrainablePolicy policy) {
    Shield.run(() -> record.restore(name, policy));
  }

  /** The policy is now in the state of that name. */
  void restored(String name, long step) {
    last = name;
    lastStep = step;
  }
}
