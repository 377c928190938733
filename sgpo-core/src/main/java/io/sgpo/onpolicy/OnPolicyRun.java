package io.sgpo.onpolicy;

import io.sgpo.policy.TrainablePolicy;
import io.sgpo.run.RunState;
import io.sgpo.spi.RunContext;
import io.sgpo.spi.SteppedRun;
import io.sgpo.train.Settings;
import java.util.Map;
import java.util.Objects;

/**
 * One run of an on-policy algorithm: a unit of work is a step. Steps are reported in at most ten
 * rounds.
 */
public final class OnPolicyRun implements SteppedRun {

  private final String engine;
  private final OnPolicyOptions options;
  private final OnPolicyAlgorithm algorithm;
  private final Record settings;

  /**
   * @param settings all options of the engine, those common to all included
   */
  public OnPolicyRun(
      String engine, OnPolicyOptions options, OnPolicyAlgorithm algorithm, Record settings) {
    this.engine = Objects.requireNonNull(engine, "engine");
    this.options = Objects.requireNonNull(options, "options");
    this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  @Override
  public String engine() {
    return engine;
  }

  @Override
  public TrainablePolicy policy() {
    return options.policy();
  }

  @Override
  public Map<String, String> settings() {
    return new Settings().with(settings).toMap();
  }

  @Override
  public Session start(RunContext context) {
    algorithm.warnings().forEach(context.listener()::onWarning);
    return new OnPolicySession(engine, options, algorithm, context);
  }

  @Override
  public Session resume(RunContext context, RunState state) {
    OnPolicySession session = new OnPolicySession(engine, options, algorithm, context);
    session.restore(state);
    return session;
  }
}
