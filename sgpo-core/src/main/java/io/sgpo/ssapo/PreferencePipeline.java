package io.sgpo.ssapo;

import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.RunState;
import io.sgpo.spi.RunContext;
import io.sgpo.spi.SteppedRun;
import io.sgpo.train.Settings;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The run that DPO, iterative DPO and SSAPO share (arXiv 2502.18099, algorithm 1): plain DPO on the
 * seed pairs; then rounds of drawing responses to new prompts, making pairs of the best and worst,
 * and training on all pairs so far. What differs is data: whether there are rounds, who annotates,
 * and whether a follower reweights. So ε = 0, or a missing follower, is iterative DPO to the last
 * bit.
 *
 * <p>The reference is the policy at the start of the run. The same options give the same bytes,
 * whether the run is resumed or not.
 */
public final class PreferencePipeline implements SteppedRun {

  private final String engine;
  private final PreferenceTask task;
  private final @Nullable AnnotationPlan plan;

  /**
   * @param engine the engine's name, for the result
   * @param task policy, seeds and training
   * @param plan the rounds, or null for DPO on the seeds alone
   */
  public PreferencePipeline(String engine, PreferenceTask task, @Nullable AnnotationPlan plan) {
    this.engine = Objects.requireNonNull(engine, "engine");
    this.task = Objects.requireNonNull(task, "task");
    this.plan = plan;
  }

  @Override
  public String engine() {
    return engine;
  }

  @Override
  public TrainablePolicy policy() {
    return task.policy();
  }

  @Override
  public Map<String, String> settings() {
    return new Settings().with(task).with("plan", plan).toMap();
  }

  @Override
  public Session start(RunContext context) {
    return new PreferenceSession(engine, task, plan, context);
  }

  @Override
  public Session resume(RunContext context, RunState state) {
    return new PreferenceSession(engine, task, plan, context, state);
  }
}
