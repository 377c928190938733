package io.sgpo.examples.cli;

import io.sgpo.Aligner;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.eval.HeldOutMeasures;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.LoraOptions;
import io.sgpo.policy.Sampling;
import io.sgpo.policy.Streams;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.report.RunReport;
import io.sgpo.run.Alignment;
import io.sgpo.run.Measure;
import io.sgpo.run.RunRefusedException;
import io.sgpo.ssapo.SaturationException;
import io.sgpo.store.RunDirectory;
import io.sgpo.text.Renderer;
import io.sgpo.train.PhaseTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Aligns a language model. */
@Command(
    name = "align",
    description = {
      "Aligns a language model with preferences.",
      "",
      "Writes a run folder (manifest.json, metrics.jsonl, annotations/, and model/ or adapter/) and"
          + " prints a summary object.",
      ""
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AlignCommand extends SgpoCommand {

  private static final String SLHF = "slhf";
  private static final List<String> METHODS =
      List.of("ssapo", SLHF, "rloo", "nash-md", "dpo", "iterative-dpo", "spa");

  /** Methods that read no judge; with held-out prompts it only measures them. */
  private static final List<String> SELF_JUDGED = List.of("ssapo", "dpo", "spa");

  @Option(
      names = "--method",
      paramLabel = "NAME",
      required = true,
      description = "ssapo, slhf, rloo, nash-md, dpo, iterative-dpo or spa")
  private String method;

  @Mixin private ModelOptions model;

  @Mixin private AdapterOptions lora;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "the run folder to write: new or empty, or with --resume one that was begun")
  private Path output;

  @Mixin private RunData data;

  @Mixin private JudgeOptions judge;

  @Option(
      names = ConfigFile.OPTION,
      paramLabel = "FILE",
      description = "JSON or YAML with any of these options; the command line wins")
  @SuppressWarnings("UnusedVariable") // ConfigFile looks for it before the options are parsed
  private @Nullable Path config;

  @Mixin private RunOptions control;

  @Mixin private EngineOptions engine;

  @Override
  protected void run() throws IOException {
    check();
    LoraOptions fresh = lora.options(engine.seed(), model.adapter() != null);
    requireUsable();
    try (OpenJudge preferences = judge.isGiven() ? model.open(judge) : null;
        CausalLm policy = load(fresh);
        ProgressBars bars = progressBars()) {
      PhaseTimes times = new PhaseTimes();
      Aligner.Builder builder = builder(policy, preferences == null ? null : preferences.judge());
      Manifest manifest = new Manifest(spec()).with("model", Manifest.digests(model.folder()));
      if (model.adapter() != null) {
        manifest.with("adapter", Manifest.digests(model.adapter()));
      }
      Map<String, Object> counts =
          readData(policy, builder, manifest, preferences == null ? null : preferences.judge());
      Aligner aligner =
          build(builder.runStore(manifest.noted(output)).listener(bars).listener(times));
      long start = System.nanoTime();
      Alignment result = align(aligner);
      bars.end();
      boolean adapted = fresh != null || model.adapter() != null;
      Path saved = output.resolve(adapted ? "adapter" : "model");
      policy.save(saved);
      Path report = output.resolve(RunReport.FILE);
      RunReport.of(output).write(report);
      counts.put("report", report.toString());
      counts.put("secondsByPhase", times.seconds());
      summarise(result, saved, counts, (System.nanoTime() - start) / 1e9);
    }
  }

  private void requireUsable() throws IOException {
    try {
      RunDirectory.at(output).requireUsable(control.resume());
    } catch (RunRefusedException e) {
      throw refusal(e);
    }
  }

  private CausalLm load(@Nullable LoraOptions fresh) throws IOException {
    try {
      return model.load(fresh, engine.seed(), lora.recompute());
    } catch (IllegalArgumentException e) {
      throw fresh == null ? e : new UsageException("--lora-" + e.getMessage(), e);
    }
  }

  private void check() {
    if (!METHODS.contains(method)) {
      throw new UsageException(
          "--method must be one of "
              + String.join(", ", METHODS)
              + (", but was \"" + method + "\""));
    }
    model.check();
    judge.check();
  }

  private Aligner.Builder builder(CausalLm policy, @Nullable PreferenceModel preferences) {
    Aligner.Builder builder = Aligner.builder().engine(method).policy(policy);
    try {
      engine.applyTo(builder);
      control.applyTo(builder, /* judged= */ preferences != null);
    } catch (IllegalArgumentException e) {
      throw refusal(e);
    }
    boolean onlyMeasures = control.measuresWins() && SELF_JUDGED.contains(method);
    return preferences == null || onlyMeasures ? builder : builder.preferenceModel(preferences);
  }

  private Map<String, Object> readData(
      CausalLm policy,
      Aligner.Builder builder,
      Manifest manifest,
      @Nullable PreferenceModel preferences)
      throws IOException {
    Map<String, Object> counts = new LinkedHashMap<>();
    try (Renderer renderer = Renderer.load(model.folder())) {
      int context = policy.config().maxPositions();
      var seeds = data.seeds(renderer, context);
      if (seeds != null) {
        builder.seedPreferences(seeds.rows());
        manifest.with("seedData", seeds.source());
        counts.put("seedData", counts(seeds));
      }
      int room = promptRoom(renderer, context);
      var prompts = data.prompts(renderer, room);
      if (prompts != null) {
        builder.prompts(prompts.rows());
        manifest.with("prompts", prompts.source());
        counts.put("prompts", counts(prompts));
      }
      var heldOutPairs = control.heldOutPairs(data, renderer, context);
      if (heldOutPairs != null) {
        Measure loss = HeldOutMeasures.loss(heldOutPairs.rows(), engine.beta());
        builder.heldOut(control.timed(loss));
        manifest.with("heldOutPairs", heldOutPairs.source());
        counts.put("heldOutPairs", counts(heldOutPairs));
      }
      var heldOutPrompts = control.heldOutPrompts(data, renderer, room);
      if (heldOutPrompts != null && preferences != null) {
        builder.heldOut(control.timed(wins(heldOutPrompts.rows(), preferences)));
        manifest.with("heldOutPrompts", heldOutPrompts.source());
        counts.put("heldOutPrompts", counts(heldOutPrompts));
      }
    }
    return counts;
  }

  private Measure wins(List<Prompt> prompts, PreferenceModel judge) {
    long seed = Streams.key(engine.seed(), "held-out");
    return HeldOutMeasures.winRate(prompts, judge, Sampling.of(engine.maxNewTokens(method), seed));
  }

  private Map<String, Object> counts(RunData.Kept<?> kept) {
    if (kept.dropped() > 0) {
      note(kept.summary());
    }
    return kept.counts();
  }

  /** The longest prompt that leaves room for what is sampled after it. */
  private int promptRoom(Renderer renderer, int context) {
    int answer = engine.maxNewTokens(method);
    if (!method.equals(SLHF)) {
      return Math.max(context - answer, context / 2);
    }
    // the follower reads prompt, answer and instruction, and answers as long
    int instruction = renderer.prompt(Conversation.user(engine.improveInstruction())).size();
    int room = context - 2 * answer - instruction;
    if (room < 1) {
      throw new UsageException(
          "--max-new-tokens must leave the follower room for prompt, two answers and instruction"
              + (" in the model's context of " + context + " tokens, but was " + answer));
    }
    return room;
  }

  private Aligner build(Aligner.Builder builder) {
    try {
      return builder.build();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw refusal(e);
    }
  }

  private Alignment align(Aligner aligner) throws IOException {
    try {
      return aligner.align();
    } catch (SaturationException e) {
      throw refusal(e);
    } catch (RunRefusedException e) {
      throw refusal(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static UsageException refusal(RunRefusedException e) {
    String message = String.valueOf(e.getMessage()).replace("resume(true)", "--resume");
    return new UsageException("--output: " + message, e);
  }

  private UsageException refusal(RuntimeException e) {
    return new UsageException(new OptionNames(spec()).translate(String.valueOf(e.getMessage())), e);
  }

  /** Rounds but the warm start. */
  private static long rounds(Alignment result) {
    return result.rounds().stream().filter(report -> report.round() > 0).count();
  }

  private void summarise(Alignment result, Path saved, Map<String, Object> counts, double seconds) {
    out()
        .object(
            json -> {
              json.writeStringField("method", result.engine());
              json.writeStringField("output", output.toString());
              json.writeStringField(saved.getFileName().toString(), saved.toString());
              for (var count : counts.entrySet()) {
                json.writePOJOField(count.getKey(), count.getValue());
              }
              json.writeStringField("ending", RunDirectory.name(result.ending()));
              json.writeNumberField("steps", result.used().steps());
              json.writeNumberField("tokens", result.used().tokens());
              json.writeNumberField("judgeCalls", result.used().judgeCalls());
              json.writeNumberField("rounds", rounds(result));
              json.writeNumberField("annotated", result.annotations().size());
              json.writeNumberField("seconds", seconds);
              json.writeObjectFieldStart("metrics");
              if (!result.rounds().isEmpty()) {
                JsonOutput.metrics(json, result.lastRound().metrics());
              }
              json.writeEndObject();
            });
  }
}
