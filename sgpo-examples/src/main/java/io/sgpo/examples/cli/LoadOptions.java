package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.with;

import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.CausalLmOptions.DevicePlace;
import io.sgpo.lm.Precision;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** How language models are loaded: precision, place, threads, memory. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LoadOptions {

  private static final Set<String> NAMES =
      Set.of("--dtype", "--device", "--threads", "--batch-tokens", "--memory-limit");

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Names.Dtype.class,
      defaultValue = "float32",
      description = "compute in float32 or bfloat16; ${DEFAULT-VALUE}")
  private Precision dtype;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      converter = Names.Device.class,
      defaultValue = "cpu",
      description = "where the model lives: cpu, gpu or gpu:N; ${DEFAULT-VALUE}")
  private DevicePlace device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads of one operation; the physical cores unless given")
  private @Nullable Integer threads;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      description = "tokens that go through the model at once, at most; 8192")
  private @Nullable Integer batchTokens;

  @Option(
      names = "--memory-limit",
      paramLabel = "BYTES",
      converter = Bytes.class,
      description =
          "refuse a model or a training step that needs more, such as 6GiB; what the machine or"
              + " container has unless given")
  private @Nullable Long memoryLimit;

  void check() {
    checkPositive("--threads", threads);
    checkPositive("--batch-tokens", batchTokens);
  }

  static void checkPositive(String option, @Nullable Integer value) {
    if (value != null) {
      RunData.positive(option, value);
    }
  }

  /**
   * Refuses all of them.
   *
   * @param command what they were given to
   * @param why what loads no model
   */
  static void requireNone(CommandSpec command, String why) {
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (NAMES.contains(option.longestName())) {
        throw new UsageException(
            option.longestName()
                + " is not read by "
                + why
                + ", but was "
                + option.originalStringValues().get(0));
      }
    }
  }

  CausalLmOptions options() {
    CausalLmOptions options = CausalLmOptions.DEFAULT.withPrecision(dtype).withDevice(device);
    options = with(options, threads, CausalLmOptions::withThreads);
    options = with(options, batchTokens, CausalLmOptions::withBatchTokens);
    return with(options, memoryLimit, CausalLmOptions::withMemoryLimit);
  }

  /** Opens a judge, whose models are loaded like this; the caller closes it. */
  OpenJudge open(JudgeOptions judge, CausalLmOptions options) throws IOException {
    try {
      return judge.open(options);
    } catch (IllegalStateException e) {
      throw refusal(e);
    }
  }

  /** A limit that the user set is an option, as is a GPU; the machine's limit is not. */
  RuntimeException refusal(IllegalStateException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("device ")) {
      return new UsageException("--" + message, e);
    }
    return memoryLimit == null || !message.contains("memoryLimit")
        ? e
        : new UsageException("--memory-limit: " + message, e);
  }
}
