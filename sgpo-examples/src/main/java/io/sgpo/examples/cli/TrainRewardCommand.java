package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sgpo.judge.RewardAccuracy;
import io.sgpo.judge.RewardEpoch;
import io.sgpo.judge.RewardTraining;
import io.sgpo.judge.RewardTrainingOptions;
import io.sgpo.lm.LoraOptions;
import io.sgpo.lm.RewardModel;
import io.sgpo.text.Renderer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a reward model. */
@Command(
    name = "train-reward",
    description = {
      "Puts a scalar head on a language model and trains it on preference pairs by the"
          + " Bradley-Terry loss.",
      "",
      "Writes the model of the epoch that agrees best with held-out pairs, as a folder that"
          + " transformers reads as a sequence classifier, and prints an object with its accuracy.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TrainRewardCommand extends SgpoCommand {

  @Mixin private ModelOptions model;

  @Mixin private AdapterOptions lora;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "the reward model's folder to write")
  private Path output;

  @Mixin private RewardData data;

  @Mixin private RewardOptions training;

  @Override
  protected void run() throws IOException {
    model.check();
    data.check();
    if (model.adapter() != null) {
      throw new UsageException(
          "--adapter cannot be given here; merge it into the model with sgpo export first, but it"
              + " was "
              + model.adapter());
    }
    RewardTrainingOptions options = options();
    LoraOptions fresh = lora.options(training.seed(), false);
    long start = System.nanoTime();
    try (RewardModel reward = model.reward(training.seed(), fresh, lora.recompute());
        ProgressBars bars = progressBars()) {
      RewardData.Pairs pairs = read(reward.config().maxPositions());
      List<RewardEpoch> epochs =
          RewardTraining.of(reward, options)
              .listener(new Steps(bars))
              .run(pairs.split().train(), pairs.split().heldOut(), output);
      bars.end();
      print(pairs, epochs, (System.nanoTime() - start) / 1e9);
    }
  }

  private RewardTrainingOptions options() {
    try {
      return training.options();
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          new OptionNames(spec()).translate(String.valueOf(e.getMessage())), e);
    }
  }

  private RewardData.Pairs read(int context) throws IOException {
    try (Renderer renderer = Renderer.load(model.folder())) {
      RewardData.Pairs pairs = data.read(renderer, context, training.seed());
      noteDropped(pairs.data());
      if (pairs.heldOutData() != null) {
        noteDropped(pairs.heldOutData());
      }
      if (pairs.split().heldOut().isEmpty()) {
        warn("no pair is held out: the last epoch is kept, and nothing says how good it is");
      }
      return pairs;
    }
  }

  private void noteDropped(RunData.Kept<?> kept) {
    if (kept.dropped() > 0) {
      note(kept.summary());
    }
  }

  /** Moves the bar. */
  private record Steps(ProgressBars bars) implements RewardTraining.Listener {
    @Override
    public void onStep(int done, int total, double loss) {
      bars.update("training", done, total);
    }
  }

  private void print(RewardData.Pairs pairs, List<RewardEpoch> epochs, double seconds) {
    RewardEpoch best = RewardTraining.best(epochs);
    out()
        .object(
            json -> {
              json.writeStringField("output", output.toString());
              json.writeNumberField("pairs", pairs.split().train().size());
              json.writeNumberField("heldOut", pairs.split().heldOut().size());
              json.writePOJOField("data", pairs.data().counts());
              json.writeNumberField("epoch", best.epoch());
              accuracy(json, best.heldOut());
              json.writeArrayFieldStart("epochs");
              for (RewardEpoch epoch : epochs) {
                json.writeStartObject();
                json.writeNumberField("epoch", epoch.epoch());
                json.writeNumberField("trainingLoss", epoch.trainingLoss());
                accuracy(json, epoch.heldOut());
                json.writeEndObject();
              }
              json.writeEndArray();
              json.writeNumberField("seconds", seconds);
            });
  }

  private static void accuracy(JsonGenerator json, @Nullable RewardAccuracy heldOut)
      throws IOException {
    if (heldOut != null) {
      json.writeNumberField("accuracy", heldOut.accuracy().rate());
      json.writeNumberField("lower", heldOut.accuracy().lower());
      json.writeNumberField("upper", heldOut.accuracy().upper());
      json.writeNumberField("loss", heldOut.loss());
      json.writeNumberField("margin", heldOut.margin());
    }
  }
}
