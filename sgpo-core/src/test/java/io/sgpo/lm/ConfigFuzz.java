package io.sgpo.lm;

import static io.sgpo.lm.ExportOptions.Type.FLOAT32;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.testing.FuzzedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Fuzz target of the reader of {@code config.json} and {@code generation_config.json}, which a
 * record separator divides: any bytes give a configuration that can be written and read again, or
 * end in a {@link CheckpointException} that names a file.
 */
public final class ConfigFuzz {

  /** No JSON text holds it. */
  private static final byte SEPARATOR = 0x1E;

  private static final FuzzedFolder READ = new FuzzedFolder("config");
  private static final FuzzedFolder WRITTEN = new FuzzedFolder("config-written");

  private ConfigFuzz() {}

  /** Called by Jazzer first: loads the classes, which it counts against no input. */
  public static void fuzzerInitialize() throws IOException {
    WRITTEN.read(
        folder -> ConfigWriter.write(ModelConfig.llama(2, 2, 2, 1, 1, 1), FLOAT32, folder));
    fuzzerTestOneInput(new byte[] {'{', '}', SEPARATOR, '{'});
  }

  /** Called by Jazzer for every input. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    int end = end(input);
    READ.delete(ConfigReader.GENERATION_CONFIG);
    READ.write(ConfigReader.CONFIG, Arrays.copyOf(input, end));
    if (end < input.length) {
      READ.write(ConfigReader.GENERATION_CONFIG, Arrays.copyOfRange(input, end + 1, input.length));
    }
    ModelConfig[] config = new ModelConfig[1];
    READ.read(folder -> config[0] = read(folder));
    if (config[0] != null) {
      requireUsable(config[0]);
    }
  }

  private static int end(byte[] input) {
    for (int i = 0; i < input.length; i++) {
      if (input[i] == SEPARATOR) {
        return i;
      }
    }
    return input.length;
  }

  private static ModelConfig read(Path folder) throws IOException {
    try {
      return ConfigReader.read(folder);
    } catch (CheckpointException e) {
      FuzzedFolder.require(e.file().startsWith(folder), "the refusal must name the file");
      FuzzedFolder.require(e.getMessage().contains("config.json"), "so must the message");
      return null;
    }
  }

  private static void requireUsable(ModelConfig config) throws IOException {
    long parameters = new WeightLayout(config).parameters();
    FuzzedFolder.require(parameters > 0, "weights must be > 0 in number, but were " + parameters);
    long memory = MemoryEstimate.of(config, CausalLmOptions.DEFAULT).inference();
    FuzzedFolder.require(memory > parameters, "memory must be > 0, but was " + memory);
    WRITTEN.fill(folder -> ConfigWriter.write(config, FLOAT32, folder));
    WRITTEN.read(
        folder -> {
          ModelConfig again = ConfigReader.read(folder);
          FuzzedFolder.require(again.equals(config), "must be as written, but was " + again);
        });
  }
}
