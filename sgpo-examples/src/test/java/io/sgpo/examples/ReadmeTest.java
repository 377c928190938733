package io.sgpo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.Refinement;
import io.sgpo.Refiner;
import io.sgpo.data.Preferences;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.ModelConfig;
import io.sgpo.policy.LogProbs;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {

  private final Path folder;

  ReadmeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theReadmeShowsTheCodeThatIsCompiled() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    String readme = Files.readString(root.resolve("README.md"));
    String source = Files.readString(Path.of("src/main/java/io/sgpo/examples/ReadmeExamples.java"));
    CodeBlocks.assertShown(source, readme);
  }

  @Test
  void aModelFolderIsAligned() throws IOException {
    Path model = folder.resolve("model");
    try (CausalLm fresh = CausalLm.create(ModelConfig.llama(16, 8, 16, 1, 2, 1), null, 1)) {
      fresh.save(model);
    }
    Path seed = Files.writeString(folder.resolve("seed.jsonl"), SEED_ROW);
    Path prompts = Files.writeString(folder.resolve("prompts.jsonl"), PROMPT_ROWS);
    Path output = folder.resolve("aligned");
    ReadmeExamples.align(model, seed, prompts, output);
    assertEquals(1, Preferences.read(seed).size());
    try (CausalLm before = CausalLm.load(model);
        CausalLm after = CausalLm.load(output)) {
      List<Exchange> exchange =
          List.of(new Exchange(TokenPrompt.of(1, 2), Response.ofTokens(Tokens.of(3, 4))));
      LogProbs old = before.logProbs(exchange).get(0);
      LogProbs aligned = after.logProbs(exchange).get(0);
      assertTrue(aligned.sum() > old.sum(), "chosen: " + old.sum() + " then " + aligned.sum());
    }
  }

  private static final String SEED_ROW =
      "{\"prompt_ids\":[1,2],\"chosen_ids\":[3,4],\"rejected_ids\":[5,6]}\n";

  private static final String PROMPT_ROWS =
      "{\"prompt_ids\":[1,7]}\n{\"prompt_ids\":[1,8]}\n{\"prompt_ids\":[1,9]}\n";

  @Test
  void theGameIsPlayed() {
    List<Prompt> prompts = List.of(Conversation.user("rain?"));
    List<String> answers = List.of("yes", "certainly");
    try (TabularPolicy start = TabularPolicy.uniform(prompts, answers);
        TabularPolicy policy = start.withFollowUps(Refiner.IMPROVE_INSTRUCTION)) {
      Refinement better = ReadmeExamples.play(policy, prompts, "certainly");
      assertEquals(4, better.answers().size());
    }
  }

  @Test
  void theSolverWeighs() {
    double[] weights = ReadmeExamples.solve(new double[] {-1.5, 0.2, 1.4});
    assertEquals(3, weights.length);
    assertTrue(weights[0] != 1, "the smallest gap is moved");
    assertEquals(1, weights[2]);
  }

  @Test
  void aUnitTestAlignsATable() {
    assertTrue(ReadmeExamples.test() > 1.0 / 3);
  }

  @Test
  void theDependencyOfTheReadmeIsTheVersionBuilt() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    Matcher version =
        Pattern.compile("<artifactId>sgpo-parent</artifactId>\\s*<version>([^<]+)")
            .matcher(Files.readString(root.resolve("pom.xml")));
    assertTrue(version.find());
    String readme = Files.readString(root.resolve("README.md"));
    assertTrue(readme.contains("<version>" + version.group(1) + "</version>"));
  }
}
