package io.sgpo.policy;

import io.sgpo.preference.PreferencePair;
import java.util.List;

/**
 * Items whose coefficients depend on each other's scores: a pair's chosen and rejected response, or
 * a leader's move and its follower's. A micro-batch never splits a group.
 *
 * @param items at least one
 */
public record TrainingGroup(List<TrainingItem> items) {

  /**
   * @throws IllegalArgumentException if there is no item
   */
  public TrainingGroup {
    items = List.copyOf(items);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("items must not be empty");
    }
  }

  public static TrainingGroup of(TrainingItem... items) {
    return new TrainingGroup(List.of(items));
  }

  /** The pair's chosen exchange, then its rejected one. */
  public static TrainingGroup of(PreferencePair pair) {
    return of(TrainingItem.of(pair.chosenExchange()), TrainingItem.of(pair.rejectedExchange()));
  }
}
