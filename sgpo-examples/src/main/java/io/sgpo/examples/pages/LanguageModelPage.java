package io.sgpo.examples.pages;

import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.CausalLmOptions.DevicePlace;
import io.sgpo.lm.ExportOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.MemoryEstimate;
import io.sgpo.lm.Precision;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import io.sgpo.policy.Objective;
import io.sgpo.policy.Sample;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.StepOptions;
import io.sgpo.policy.StepResult;
import io.sgpo.policy.TrainingGroup;
import io.sgpo.policy.TrainingItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The code of docs/language-models.md. */
final class LanguageModelPage {

  private LanguageModelPage() {}

  /** Sampling and scoring. */
  static double use(Path folder) throws IOException {
    // begin: use
    try (CausalLm model = CausalLm.load(folder);
        FrozenPolicy reference = model.reference()) {
      Sampling sampling = Sampling.of(64, 1).withTemperature(0.7).withTopP(0.9).withTopK(50);
      List<Conversation> prompts = List.of(Conversation.user("say one"));
      Sample sample = model.sample(prompts, sampling.withSamplesPerPrompt(4)).get(0).get(2);
      LogProbs policy = model.logProbs(List.of(sample.exchange()), 0.7).get(0);
      LogProbs frozen = reference.logProbs(List.of(sample.exchange()), 0.7).get(0);
      return policy.sum() - frozen.sum(); // 0 before a step; sample.logProbs() are policy's
    }
    // end
  }

  /** What a run on a GPU sets. */
  static CausalLmOptions onGpu() {
    // begin: gpu
    CausalLmOptions options =
        CausalLmOptions.DEFAULT
            .withDevice(DevicePlace.gpu(0))
            .withAllowDownloads(true) // DJL's CUDA build, once
            .withPrecision(Precision.BFLOAT16);
    // end
    return options;
  }

  /** An adapter, trained on two answers, and merged. */
  static StepResult train(Path folder, Path output) throws IOException {
    // begin: train
    LoraOptions lora = LoraOptions.rank(16).alpha(32).dropout(0.05).allLinear();
    CausalLmOptions options =
        CausalLmOptions.DEFAULT.withLora(lora).withRecompute(true).withBatchTokens(2048);
    try (CausalLm model = CausalLm.load(folder, options)) {
      List<TrainingGroup> batch = new ArrayList<>();
      for (String answer : List.of("one", "two")) {
        Exchange exchange = new Exchange(Conversation.user("count"), Response.of(answer));
        batch.add(TrainingGroup.of(TrainingItem.of(exchange)));
      }
      StepOptions step = StepOptions.of(1e-4, batch.size()).withMaxGradientNorm(1);
      StepResult result = model.step(batch, Objective.supervised(), step.withMicroBatchGroups(1));
      model.save(output.resolve("adapter")); // adapter_config.json, adapter_model.safetensors
      model.export(
          output.resolve("merged"), ExportOptions.DEFAULT.withDtype(ExportOptions.Type.BFLOAT16));
      return result;
    }
    // end
  }

  /** What would be needed. */
  static long memory(CausalLm model, CausalLmOptions options) {
    // begin: memory
    MemoryEstimate estimate = MemoryEstimate.of(model.config(), options);
    long drawing = estimate.inference(); // loaded, sampling and scoring
    long training = estimate.training(2048, 512); // 2048 tokens at once, 512 of them trained on
    // end
    return Math.max(drawing, training);
  }
}
