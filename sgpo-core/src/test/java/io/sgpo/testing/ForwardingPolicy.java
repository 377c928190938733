package io.sgpo.testing;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.policy.AdamW;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.SamplingSession;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainablePolicy;
import io.sgpo.policy.TrainingGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Hands every call on; a test overrides those that it watches. It does not own the policy. */
public class ForwardingPolicy implements TrainablePolicy {

  private final TrainablePolicy policy;

  protected ForwardingPolicy(TrainablePolicy policy) {
    this.policy = policy;
  }

  @Override
  public List<List<Sample>> sample(List<? extends Prompt> prompts, Sampling sampling) {
    return policy.sample(prompts, sampling);
  }

  @Override
  public SamplingSession session() {
    return policy.session();
  }

  @Override
  public List<List<Sample>> sampleMixture(
      List<? extends Prompt> prompts, Sampling sampling, FrozenPolicy reference, double mixture) {
    return policy.sampleMixture(prompts, sampling, reference, mixture);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature) {
    return policy.logProbs(exchanges, temperature);
  }

  @Override
  public List<LogProbs> logProbs(List<Exchange> exchanges, double temperature, PolicyRole role) {
    return policy.logProbs(exchanges, temperature, role);
  }

  @Override
  public List<LogProbs> mixtureLogProbs(
      List<Exchange> exchanges, FrozenPolicy reference, double mixture) {
    return policy.mixtureLogProbs(exchanges, reference, mixture);
  }

  @Override
  public FrozenPolicy reference() {
    return policy.reference();
  }

  @Override
  public String device() {
    return policy.device();
  }

  @Override
  public boolean hasFollowerWeights() {
    return policy.hasFollowerWeights();
  }

  @Override
  public StepResult step(List<TrainingGroup> batch, Objective objective, StepOptions options) {
    return policy.step(batch, objective, options);
  }

  @Override
  public void resetOptimizer(AdamW settings) {
    policy.resetOptimizer(settings);
  }

  @Override
  public void captureState(Path directory) throws IOException {
    policy.captureState(directory);
  }

  @Override
  public void restoreState(Path directory) throws IOException {
    policy.restoreState(directory);
  }

  @Override
  public void save(Path directory) throws IOException {
    policy.save(directory);
  }

  @Override
  public void close() {}
}
