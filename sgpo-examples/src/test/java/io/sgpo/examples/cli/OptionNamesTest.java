package io.sgpo.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class OptionNamesTest {

  private final OptionNames names =
      new OptionNames(new CommandLine(new AlignCommand()).getCommandSpec());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learningRate must be > 0|--learning-rate must be > 0",
        "rounds must be >= 1|--rounds must be >= 1",
        "prompts must not be fewer than rounds|--prompts must not be fewer than rounds",
        "preferenceModel must be set for this engine|--judge must be set for this engine",
        "engine dpo does not read the option seedPreferences"
            + "|engine dpo does not read the option --seed-data",
        "or set allowSaturation(true) to go on|or set --allow-saturation to go on",
        "no optionOfThisName|no optionOfThisName",
      })
  void namesAreThoseOfTheCommandLine(String library, String commandLine) {
    assertEquals(commandLine, names.translate(library));
  }
}
