package io.sgpo.spi;

import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.RunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The policies that an engine froze under names, and where they are kept. */
final class FrozenPolicies implements AutoCloseable {

  /** A frozen policy and the name of the state it can be made of again. */
  private record Kept(FrozenPolicy policy, String state) {}

  private final TrainablePolicy policy;
  private final KeptStates states;
  private final boolean stored;
  private final Map<String, Kept> frozen = new LinkedHashMap<>();
  private final Map<String, Kept> fresh = new LinkedHashMap<>();

  /**
   * @param stored whether the states are stored for a run that goes on from a checkpoint
   */
  FrozenPolicies(TrainablePolicy policy, KeptStates states, boolean stored) {
    this.policy = policy;
    this.states = states;
    this.stored = stored;
  }

  FrozenPolicy freeze(String name, long step) {
    String state = stored ? states.keep(policy, step) : "";
    FrozenPolicy now = policy.reference();
    Kept earlier = fresh.put(name, new Kept(now, state));
    if (earlier != null) {
      earlier.policy().close();
    }
    return now;
  }

  FrozenPolicy get(String name) {
    Kept kept = fresh.getOrDefault(name, frozen.get(name));
    if (kept == null) {
      throw new IllegalArgumentException(
          "a policy must have been frozen as " + name + ", but there are " + frozen.keySet());
    }
    return kept.policy();
  }

  void commit() {
    fresh.forEach(
        (name, kept) -> {
          Kept earlier = frozen.put(name, kept);
          if (earlier != null) {
            earlier.policy().close();
          }
        });
    fresh.clear();
  }

  void rollback() {
    fresh.values().forEach(kept -> kept.policy().close());
    fresh.clear();
  }

  /** The names of the states. */
  Set<String> states() {
    return frozen.values().stream().map(Kept::state).collect(Collectors.toSet());
  }

  List<RunState> save() {
    List<RunState> saved = new ArrayList<>();
    frozen.forEach(
        (name, kept) -> saved.add(new RunState().put("name", name).put("state", kept.state())));
    return saved;
  }

  /** Freezes the same policies again; the policy is left with the weights of the last of them. */
  void restore(List<RunState> saved) {
    for (RunState entry : saved) {
      states.restore(entry.text("state"), policy);
      frozen.put(entry.text("name"), new Kept(policy.reference(), entry.text("state")));
    }
  }

  @Override
  public void close() {
    rollback();
    frozen.values().forEach(kept -> kept.policy().close());
    frozen.clear();
  }
}
