package io.sgpo.lm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration files that a model was loaded with, which its export begins with: other
 * software reads more fields than this library does.
 *
 * @param config of {@code config.json}, or null for a model that was not loaded
 * @param generation of {@code generation_config.json}, or null where there is none
 */
record ConfigFiles(@Nullable ObjectNode config, @Nullable ObjectNode generation) {

  /** Of a model that was not loaded. */
  static final ConfigFiles NONE = new ConfigFiles(null, null);

  static ConfigFiles read(Path folder) throws IOException {
    Path generation = folder.resolve(ConfigReader.GENERATION_CONFIG);
    return new ConfigFiles(
        ConfigFile.read(folder.resolve(ConfigReader.CONFIG)).root(),
        Files.exists(generation) ? ConfigFile.read(generation).root() : null);
  }
}
