package io.sgpo.examples.cli;

import io.sgpo.lm.CausalLm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which language model a command works on. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ModelOptions {

  private static final String FLOAT32 = "float32";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a Hugging Face model folder")
  private Path folder;

  @Option(names = "--adapter", paramLabel = "DIR", hidden = true)
  private @Nullable Path adapter;

  @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = FLOAT32, hidden = true)
  private String dtype;

  Path folder() {
    return folder;
  }

  /** Refuses what cannot be loaded, before anything else is read. */
  void check() {
    if (adapter != null) {
      throw UsageException.notYet("--adapter", "--model with a whole model");
    }
    if (!dtype.equals(FLOAT32)) {
      throw UsageException.notYet("--dtype " + dtype, FLOAT32);
    }
    if (!Files.isDirectory(folder)) {
      throw new UsageException("--model must be a model folder, but there is none at " + folder);
    }
  }

  /** Loads the model; the caller closes it. */
  CausalLm load() throws IOException {
    return CausalLm.load(folder);
  }
}
