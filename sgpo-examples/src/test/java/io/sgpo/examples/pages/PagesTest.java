package io.sgpo.examples.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.data.Annotations;
import io.sgpo.dialogue.Conversation;
import io.sgpo.dialogue.Prompt;
import io.sgpo.dialogue.Response;
import io.sgpo.examples.CodeBlocks;
import io.sgpo.follower.WorstCase;
import io.sgpo.lm.CausalLm;
import io.sgpo.lm.CausalLmOptions;
import io.sgpo.lm.ModelConfig;
import io.sgpo.preference.Comparison;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Alignment;
import io.sgpo.run.Ending;
import io.sgpo.solvers.game.StackelbergSolution;
import io.sgpo.tabular.TabularPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesTest {

  private static final Path TOKENIZER = Path.of("src/test/resources/tiny-tokenizer");
  private static final String PACKAGE = "java/io/sgpo/examples/pages/";

  private final Path folder;

  PagesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource({
    "align.md, main:AlignPage",
    "runs.md, main:RunsPage",
    "report.md, main:ReportPage",
    "language-models.md, main:LanguageModelPage",
    "service.md, main:AnswerService main:ServicePage",
    "own-policy.md, main:OwnPolicyPage main:BigramPolicy main:BigramGradient main:BigramTable"
        + " main:FrozenBigrams main:BigramFiles test:BigramPolicyContractTest",
    "own-judge.md, main:OwnJudgePage main:SourceJudge test:SourceJudgeContractTest",
    "solver-only.md, main:SolverPage",
    "unit-tests.md, test:PolitenessTest",
  })
  void aPageShowsTheCodeThatIsCompiled(String page, String sources) throws IOException {
    Path docs = Path.of("").toAbsolutePath().getParent().resolve("docs");
    StringBuilder source = new StringBuilder();
    for (String file : sources.split(" ", -1)) {
      String[] place = file.split(":", -1);
      source.append(Files.readString(Path.of("src", place[0], PACKAGE + place[1] + ".java")));
    }
    CodeBlocks.assertShown(source.toString(), Files.readString(docs.resolve(page)));
  }

  @Test
  void everyPageIsLinkedFromTheReadme() throws IOException {
    String readme = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("README.md"));
    for (String page :
        List.of(
            "align",
            "language-models",
            "service",
            "own-policy",
            "own-judge",
            "solver-only",
            "unit-tests",
            "runs",
            "report")) {
      assertTrue(readme.contains("(docs/" + page + ".md)"), page);
    }
  }

  @Test
  void aModelFolderIsAligned() throws IOException {
    Path model = model();
    Path seeds =
        Files.writeString(
            folder.resolve("seeds.jsonl"),
            """
            {"prompt":[{"role":"user","content":"say one"}],\
            "chosen":[{"role":"assistant","content":"one"}],\
            "rejected":[{"role":"assistant","content":"two"}]}
            """);
    Path prompts =
        Files.writeString(
            folder.resolve("prompts.jsonl"),
            """
            {"prompt":[{"role":"user","content":"one"}]}
            {"prompt":[{"role":"user","content":"two"}]}
            {"prompt":[{"role":"user","content":"three"}]}
            """);
    Path aligned = folder.resolve("aligned");
    AlignPage.align(model, seeds, prompts, aligned);
    AlignPage.answer(aligned, "say one");

    Alignment run = AlignPage.run(model, seeds, prompts, folder);
    assertEquals(Ending.FINISHED, run.ending());
    assertTrue(Files.exists(folder.resolve("adapter/adapter_config.json")));
    Path annotated = folder.resolve("run/annotations/round-1.jsonl");
    assertEquals(
        run.rounds().get(1).annotations().size(), Annotations.read(annotated).size(), "round 1");
    Alignment again = AlignPage.run(model, seeds, prompts, folder);
    assertEquals(run.used().steps(), again.used().steps(), "it was finished");
    assertTrue(ServicePage.memory(model, 1L << 30) > 0);
  }

  @Test
  void aLanguageModelIsSampledTrainedAndExported() throws IOException {
    Path model = model();
    assertEquals(0, LanguageModelPage.use(model), 1e-5);
    assertEquals(0, LanguageModelPage.onGpu().device().gpu());
    assertTrue(LanguageModelPage.train(model, folder).tokens() > 2);
    assertTrue(Files.exists(folder.resolve("adapter/adapter_model.safetensors")));
    try (CausalLm merged = CausalLm.load(folder.resolve("merged"))) {
      assertTrue(LanguageModelPage.memory(merged, CausalLmOptions.DEFAULT) > 0);
    }
  }

  private Path model() throws IOException {
    Path model = folder.resolve("model");
    try (CausalLm fresh = CausalLm.create(ModelConfig.llama(37, 16, 32, 2, 2, 1), TOKENIZER, 1)) {
      fresh.save(model);
    }
    return model;
  }

  @Test
  void thePolicyOfThePageSpeaksAndIsAligned() {
    assertEquals("no thanks", OwnPolicyPage.use(folder));
    assertTrue(Files.exists(folder.resolve("run/manifest.json")));
  }

  @Test
  void theJudgeOfThePageMovesAPolicyAndIsAskedOnceAQuestion() throws IOException {
    List<Prompt> prompts = List.of(Conversation.user("who found it?"), Conversation.user("when?"));
    List<String> answers = List.of("somebody", "Ada [1]", "Ada [1] and Grace [2]");
    try (TabularPolicy policy = TabularPolicy.uniform(prompts, answers)) {
      long asked = OwnJudgePage.train(policy, prompts, folder);
      assertTrue(asked > 0);
      assertTrue(policy.probabilities(prompts.get(0))[2] > 0.5, "was 1/3");
      long lines;
      try (var kept = Files.lines(folder.resolve("verdicts.jsonl"))) {
        lines = kept.count();
      }
      assertTrue(lines < asked, lines + " of " + asked);
    }
  }

  @Test
  void theJudgeOfThePageAbstains() {
    Prompt prompt = Conversation.user("why?");
    Verdict.Abstention silent =
        assertInstanceOf(Verdict.Abstention.class, verdict(new SourceJudge(), prompt, "", " "));
    assertEquals("nothing was said", silent.reason());
    String endless = "a".repeat(200_000);
    assertInstanceOf(
        Verdict.Abstention.class, verdict(new SourceJudge(), prompt, endless, "because [1]"));
    assertEquals(Verdict.of(0.9), verdict(OwnJudgePage.function(), prompt, "no", "nothing"));
    assertEquals(Verdict.of(0.5), verdict(OwnJudgePage.function(), prompt, "yes", "nay"));
  }

  private static Verdict verdict(PreferenceModel judge, Prompt x, String first, String second) {
    Comparison comparison = new Comparison(x, Response.of(first), Response.of(second));
    return judge.compare(List.of(comparison)).get(0);
  }

  @Test
  void theSolversOfThePageSolve() {
    WorstCase worst = SolverPage.solve(new double[] {-1.5, 0.2, 1.4});
    assertEquals(WorstCase.Status.SOLVED, worst.status());
    assertTrue(worst.certificate() < 1e-9);

    double[][] differences = {{1, 0}, {2, 0.5}, {1, -0.2}, {-4, 0.1}};
    double[] plain = SolverPage.train(differences, 0, 50, 0.2);
    double[] robust = SolverPage.train(differences, 0.1, 50, 0.2);
    assertNotEquals(plain[0], robust[0]);

    double[][] circle = {{0.5, 0.9, 0.1}, {0.1, 0.5, 0.9}, {0.9, 0.1, 0.5}};
    StackelbergSolution game = SolverPage.play(circle);
    assertEquals(1.0 / 3, game.leader().toArray()[0], 1e-12);
    assertTrue(game.follower().row(0).toArray()[2] > 0.9, "2 beats 0");
  }
}
