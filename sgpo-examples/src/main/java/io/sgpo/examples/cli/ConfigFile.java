package io.sgpo.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Options of a command from a file: one JSON or YAML object whose keys are the long names of the
 * options, with or without hyphens ({@code learning-rate}, {@code learningRate}). Of an option that
 * takes several values they may be a list. The command line wins, also over an option that excludes
 * one given there. Paths are relative to the working directory, as on the command line.
 */
public final class ConfigFile implements IDefaultValueProvider {

  static final String OPTION = "--config";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Options of which a run takes one. */
  private static final List<Set<String>> EXCLUSIVE =
      List.of(
          Set.of("--epsilon", "--relative-radius"),
          Set.of("--support-margin", "--support-quantile"),
          Set.of("--support-margin", "--straight-through"),
          Set.of("--refreshes-per-round", "--refresh-steps", "--batch-follower"),
          Set.of("--steps", "--epochs"),
          Set.of("--warm-start-steps", "--warm-start-epochs"),
          Set.of("--steps-per-round", "--epochs-per-round"),
          Set.of("--held-out", "--held-out-prompts"));

  private final @Nullable String file;
  private final List<String> given;
  private @Nullable Map<String, String> values;

  private ConfigFile(@Nullable String file, List<String> given) {
    this.file = file;
    this.given = given;
  }

  /** The file that these arguments name, or no options at all if they name none. */
  public static ConfigFile of(String... args) {
    String file = null;
    List<String> given = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      String name = equals < 0 ? args[i] : args[i].substring(0, equals);
      given.add(name);
      if (name.equals(OPTION)) {
        file =
            equals >= 0 ? args[i].substring(equals + 1) : i + 1 < args.length ? args[i + 1] : null;
      }
    }
    return new ConfigFile(file, given);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    if (file == null || !(arg instanceof OptionSpec option)) {
      return null;
    }
    if (values == null) {
      values = read(file, arg.command());
    }
    return isExcluded(option.longestName()) ? null : values.get(option.longestName());
  }

  /** The file, if it is where this option's value comes from. */
  @Nullable String source(@Nullable ArgSpec arg) {
    boolean supplied =
        arg instanceof OptionSpec option
            && values != null
            && values.containsKey(option.longestName())
            && !given.contains(option.longestName());
    return supplied ? file : null;
  }

  private boolean isExcluded(String name) {
    return EXCLUSIVE.stream()
        .filter(set -> set.contains(name))
        .flatMap(Set::stream)
        .anyMatch(given::contains);
  }

  private static Map<String, String> read(String file, CommandSpec command) {
    try {
      return options(file, tree(file), command);
    } catch (UsageException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private static JsonNode tree(String file) {
    boolean json = file.toLowerCase(Locale.ROOT).endsWith(".json");
    try {
      return (json ? JSON : YAML).readTree(Files.readString(Path.of(file)));
    } catch (JsonProcessingException e) {
      throw new UsageException(file + ": " + e.getOriginalMessage() + place(e), e);
    } catch (NoSuchFileException e) {
      throw new UsageException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new UsageException(file + ": must be UTF-8, but is not", e);
    } catch (IOException e) {
      throw new UsageException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
  }

  private static Map<String, String> options(String file, JsonNode tree, CommandSpec command) {
    if (!tree.isObject()) {
      throw new UsageException(file + ": must be an object of options");
    }
    Map<String, String> options = new LinkedHashMap<>();
    tree.properties()
        .forEach(
            entry -> {
              String name = optionName(entry.getKey());
              OptionSpec option = command.findOption(name);
              if (name.equals(OPTION) || option == null) {
                throw new UsageException(
                    file + ": \"" + entry.getKey() + "\" is not an option of " + command.name());
              }
              if (options.put(name, text(file, entry.getKey(), entry.getValue(), option)) != null) {
                throw new UsageException(file + ": \"" + name + "\" is set twice");
              }
            });
    return options;
  }

  private static String optionName(String key) {
    return "--" + key.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String text(String file, String key, JsonNode value, OptionSpec option) {
    boolean list = value.isArray() && !value.isEmpty() && !option.splitRegex().isEmpty();
    List<String> texts = new ArrayList<>();
    for (JsonNode one : list ? value : List.of(value)) {
      if (!one.isValueNode() || one.isNull()) {
        throw new UsageException(
            file
                + (": \"" + key + "\" must be a number, a text or a truth value")
                + (option.splitRegex().isEmpty() ? "" : ", or a list of them")
                + (", but was " + value));
      }
      texts.add(one.asText());
    }
    return String.join(",", texts);
  }
}
