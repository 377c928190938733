package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.CliRun.sgpo;
import static io.sgpo.examples.cli.CliRun.sgpoReading;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FollowerCommandTest {

  private static final String GAPS = "-1\n0.5\n2\n";

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  static Stream<Named<JsonNode>> cases() throws IOException {
    try (InputStream in =
        FollowerCommandTest.class.getResourceAsStream("/golden/dro_cases_small.json")) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      return StreamSupport.stream(cases.spliterator(), false)
          .map(each -> Named.of(each.get("id").asText(), each));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheGoldens(JsonNode golden) {
    List<String> args =
        new ArrayList<>(List.of("follower", "--epsilon", golden.get("eps").asText()));
    args.add("--support=" + golden.get("a").asText() + "," + golden.get("b").asText());
    if (golden.path("knots").isArray()) {
      args.add("--knots=" + joined(golden.get("knots"), ","));
    } else if (golden.get("loss").asText().equals("pwl")) {
      args.add("--knots=");
    }
    args.add("-");
    CliRun run = sgpoReading(joined(golden.get("gaps"), "\n"), args.toArray(String[]::new));
    if (golden.get("expect").asText().equals("reject")) {
      run.assertRefused();
      return;
    }
    JsonNode expected = golden.get("expected");
    JsonNode actual = run.object();
    assertEquals(
        expected.get("value").asDouble(),
        actual.get("value").asDouble(),
        expected.get("value_abs_tol").asDouble());
    double lambda = expected.get("lambda_lo").asDouble();
    assertEquals(lambda, actual.get("dualPrice").asDouble(), 1e-9 * Math.abs(lambda));
    assertArrayEquals(doubles(expected.get("moved")), doubles(actual.get("moved")), 1e-9);
    assertArrayEquals(doubles(expected.get("grad")), doubles(actual.get("gradient")), 1e-9);
    assertWeights(expected.path("weights"), actual.get("weights"));
  }

  private static void assertWeights(JsonNode expected, JsonNode actual) {
    for (int i = 0; i < expected.size(); i++) {
      if (!expected.get(i).isNull()) {
        double weight = expected.get(i).asDouble();
        assertEquals(weight, actual.get(i).asDouble(), 1e-8 * Math.max(1, weight));
      }
    }
  }

  @Test
  void tellsStatusAndSaturation() {
    JsonNode solved = solve("--epsilon=0.1", "--tau=1");
    assertEquals("solved", solved.get("status").asText());
    assertEquals(0.1 / (0.5 + 2), solved.get("saturation").asDouble(), 1e-15); // mean 0.5, a = -2
    assertEquals("nominal", solve("--epsilon=0", "--tau=1").get("status").asText());
    CliRun saturated = sgpoReading(GAPS, "follower", "--epsilon=9", "--tau=1", "-");
    assertEquals("saturated", saturated.object().get("status").asText());
    assertTrue(saturated.err().contains("saturates"), saturated.err());
  }

  @Test
  void theRadiusMayBeInfinite() {
    assertEquals("Infinity", solve("--epsilon=Infinity", "--tau=1").get("saturation").asText());
  }

  @Test
  void withoutARadiusEveryWeightingIsDpo() {
    for (String weighting : List.of("envelope", "tangent-mixture", "atoms", "uniform")) {
      JsonNode result = solve("--epsilon=0", "--tau=1", "--weighting=" + weighting);
      assertArrayEquals(new double[] {1, 1, 1}, doubles(result.get("weights")), weighting);
    }
  }

  @Test
  void weightingsDiffer() {
    List<double[]> weights =
        Stream.of("envelope", "tangent-mixture", "atoms", "uniform")
            .map(name -> solve("--epsilon=0.5", "--tau=1", "--weighting=" + name))
            .map(result -> doubles(result.get("weights")))
            .toList();
    // budget 3 * 0.5 = 1.5; gap -1 costs 1 and moves wholly, gap 0.5 costs 2.5 and moves by 0.2
    double sigma = 1 / (1 + Math.exp(-1)); // s(-1)
    double atLower = 1 / (1 + Math.exp(-2)); // s(-2), a = -2
    double price = (softplus(2) - softplus(-0.5)) / 2.5;
    assertEquals(price / sigma, weights.get(0)[0], 1e-14);
    assertEquals(atLower / sigma, weights.get(1)[0], 1e-14);
    // atoms: a = -1, where gap 0.5 costs 1.5 and moves wholly
    assertArrayEquals(new double[] {2, 0, 1}, weights.get(2), 1e-12);
    assertArrayEquals(new double[] {1, 1, 1}, weights.get(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lp", "grouped", "primal-dual", "entropic"})
  void solversAgreeOnAFewGaps(String solver) {
    JsonNode exact = solve("--epsilon=0.5", "--tau=1", "--tangents=6");
    JsonNode other =
        solve(
            "--epsilon=0.5", "--tau=1", "--tangents=6", "--solver=" + solver, "--temperature=1e-8");
    assertEquals(exact.get("value").asDouble(), other.get("value").asDouble(), 1e-7);
    assertEquals("solved", other.get("status").asText());
    assertTrue(other.get("certificate").asDouble() >= 0);
    assertTrue(other.get("certificate").asDouble() < 1e-8, other::toString);
    assertArrayEquals(doubles(exact.get("moved")), doubles(other.get("moved")), 1e-6);
    assertArrayEquals(doubles(exact.get("weights")), doubles(other.get("weights")), 1e-5);
  }

  /** Groups of one: every gap moves by the radius, whatever the solver and the seed. */
  @ParameterizedTest
  @ValueSource(strings = {"exact", "lp", "grouped", "primal-dual"})
  void groupsGoWithEverySolver(String solver) {
    JsonNode result =
        solve(
            "--epsilon=0.5",
            "--tau=1",
            "--tangents=6",
            "--solver=" + solver,
            "--group-size=1",
            "--seed=3");
    double[] expected = {0.5, 0.5 / 2.5, 0.5 / 4};
    assertArrayEquals(expected, doubles(result.get("moved")), 1e-6);
  }

  /** What the documentation promises of each solver and each weighting. */
  @ParameterizedTest
  @CsvSource({
    "exact,envelope",
    "exact,tangent-mixture",
    "exact,atoms",
    "exact,uniform",
    "lp,envelope",
    "lp,tangent-mixture",
    "lp,atoms",
    "lp,uniform",
    "grouped,envelope",
    "grouped,tangent-mixture",
    "grouped,atoms",
    "grouped,uniform",
    "primal-dual,envelope",
    "primal-dual,tangent-mixture",
    "primal-dual,atoms",
    "primal-dual,uniform",
    "entropic,envelope",
    "entropic,tangent-mixture",
    "entropic,atoms",
    "entropic,uniform"
  })
  void everySolverHasEveryWeighting(String solver, String weighting) {
    JsonNode result =
        solve(
            "--epsilon=0.3",
            "--support=-2,4",
            "--tangents=6",
            "--solver=" + solver,
            "--weighting=" + weighting);
    assertEquals("solved", result.get("status").asText());
    for (double weight : doubles(result.get("weights"))) {
      assertTrue(weight >= 0 && Double.isFinite(weight), result::toString);
    }
    if (weighting.equals("uniform")) {
      assertArrayEquals(new double[] {1, 1, 1}, doubles(result.get("weights")), 1e-12);
    }
    if (weighting.equals("atoms")) {
      assertEquals(3, Arrays.stream(doubles(result.get("weights"))).sum(), 1e-9);
    }
  }

  @Test
  void warnsOfOptionsThatTheSolverDoesNotRead() {
    CliRun run =
        sgpoReading(
            GAPS, "follower", "--epsilon=0.5", "--tau=1", "--seed=1", "--temperature=1", "-");
    assertEquals(0, run.status());
    assertTrue(run.err().contains("--seed is not read"), run.err());
    assertTrue(run.err().contains("--temperature is not read by --solver exact"), run.err());
  }

  @Test
  void tangentsAreEquallySpacedOnTheSupport() {
    JsonNode tangents = solve("--epsilon=0.1", "--support=-2,4", "--tangents=3");
    JsonNode knots = solve("--epsilon=0.1", "--support=-2,4", "--knots=-2,1,4");
    assertEquals(knots, tangents);
    JsonNode exact = solve("--epsilon=0.1", "--support=-2,4", "--loss=logistic");
    assertTrue(tangents.get("value").asDouble() < exact.get("value").asDouble());
  }

  @Test
  void theKnotsOfTangentsFollowARule() {
    JsonNode quantiles =
        solve("--epsilon=0.1", "--tau=1", "--tangents=3", "--tangent-knots=quantiles");
    assertEquals(solve("--epsilon=0.1", "--tau=1", "--knots=-1,0.5,2"), quantiles);
    JsonNode uniform = solve("--epsilon=0.1", "--tau=1", "--tangents=3");
    assertEquals(
        uniform, solve("--epsilon=0.1", "--tau=1", "--tangents=3", "--tangent-knots=uniform"));
    assertNotEquals(
        uniform, solve("--epsilon=0.1", "--tau=1", "--tangents=3", "--tangent-knots=probability"));
    CliRun run =
        sgpoReading(GAPS, "follower", "--epsilon=0.5", "--tau=1", "--tangent-knots=uniform", "-");
    assertEquals(0, run.status());
    assertTrue(run.err().contains("--tangent-knots is not read without --tangents"), run.err());
  }

  /**
   * Gap 0 is p = ½. On [¼, ¾] at ε = ⅛ half of it moves to ¼: λ* = log 2 / ¼, V = 1½ log 2, and the
   * gradient is −(½ · ½ + ½ λ* ¼).
   */
  @Test
  void gapsMayBeMovedAsProbabilities() {
    String[] args = {
      "follower", "--gap-scale=probability", "--epsilon=0.125", "--support=0.25,0.75", "-"
    };
    JsonNode result = sgpoReading("0\n", args).object();
    double price = 4 * Math.log(2);
    assertEquals("probability", result.get("gapScale").asText());
    assertEquals(1.5 * Math.log(2), result.get("value").asDouble(), 1e-15);
    assertEquals(price, result.get("dualPrice").asDouble(), 1e-14);
    assertEquals(0.5, result.get("saturation").asDouble(), 1e-15);
    assertArrayEquals(new double[] {0.5}, doubles(result.get("moved")), 1e-15);
    assertArrayEquals(new double[] {-0.25 - price / 8}, doubles(result.get("gradient")), 1e-15);
    assertEquals("margin", solve("--epsilon=0.1", "--tau=1").get("gapScale").asText());
    assertEquals(
        solve("--epsilon=0.1", "--tau=1"), solve("--epsilon=0.1", "--tau=1", "--gap-scale=margin"));
  }

  @Test
  void onProbabilitiesTauIsInUnitsOfMarginAndKnotsAreOfProbability() {
    JsonNode around = solve("--epsilon=0.1", "--tau=1", "--gap-scale=probability");
    double lower = 1 / (1 + Math.exp(2));
    double upper = 1 / (1 + Math.exp(-3));
    JsonNode given =
        solve("--epsilon=0.1", "--support=" + lower + "," + upper, "--gap-scale=probability");
    assertEquals(around.get("value").asDouble(), given.get("value").asDouble(), 1e-14);
    JsonNode tangents =
        solve("--epsilon=0.1", "--support=0,1", "--gap-scale=probability", "--tangents=4");
    assertEquals(
        tangents,
        solve("--epsilon=0.1", "--support=0,1", "--gap-scale=probability", "--knots=.25,.5,.75,1"));
    CliRun saturated =
        sgpoReading(GAPS, "follower", "--epsilon=0.9", "--tau=1", "--gap-scale=probability", "-");
    assertTrue(saturated.err().contains("mean probability - A"), saturated.err());
  }

  @Test
  void readsAFileWithMarkAndCarriageReturnsAndWithoutFinalBreak() throws IOException {
    Path file = folder.resolve("gaps.txt");
    Files.writeString(file, "\uFEFF-1\r\n0.5\r\n2");
    CliRun run = sgpo("follower", "--epsilon=0.1", "--tau=1", file.toString());
    assertEquals(solve("--epsilon=0.1", "--tau=1"), run.object());
  }

  @Test
  void doublesSurviveTheRoundTrip() {
    double epsilon = 0.1 + 0.2;
    JsonNode result = solve("--epsilon=" + epsilon, "--tau=1");
    assertEquals(epsilon / (0.5 + 2), result.get("saturation").asDouble());
    assertTrue(result.get("value").isNumber());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1;NaN|line 2|NaN",
        "1;2;-Infinity|line 3|-Infinity",
        "1;1e999|line 2|Infinity",
        "1;;2|line 2|empty",
        "1;2;;|line 3|empty",
        "one|line 1|one",
        "1d|line 1|1d",
        "0x1p3|line 1|0x1p3",
        "1,2|line 1|1,2",
        "5;1|line 1|[-2.0, 4.0]",
        "1;-2.5|line 2|-2.5",
      })
  void refusesBadGapsByFileLineAndValue(String lines, String line, String value)
      throws IOException {
    Path file = folder.resolve("gaps.txt");
    Files.writeString(file, lines.replace(';', '\n') + "\n");
    sgpo("follower", "--epsilon=0.1", "--support=-2,4", file.toString())
        .assertRefused("sgpo follower: " + file + " " + line, value);
  }

  @Test
  void refusesAnEmptyFileALongLineAFolderAndAMissingFile() throws IOException {
    Path file = folder.resolve("gaps.txt");
    Files.writeString(file, "");
    sgpo("follower", "--epsilon=1", "--tau=1", file.toString())
        .assertRefused("gaps.txt", "at least one gap");
    Files.writeString(file, "1\n" + "7".repeat(1_000_000));
    sgpo("follower", "--epsilon=1", "--tau=1", file.toString())
        .assertRefused("gaps.txt line 2", "longer than 1000 characters");
    sgpo("follower", "--epsilon=1", "--tau=1", folder.toString()).assertRefused("is a folder");
    sgpo("follower", "--epsilon=1", "--tau=1", folder.resolve("none").toString())
        .assertRefused("none", "no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epsilon=-0.1 --tau=1|epsilon must be >= 0, but was -0.1",
        "--epsilon=NaN --tau=1|epsilon must be >= 0, but was NaN",
        "--epsilon=abc --tau=1|'abc' is not a double",
        "--tau=1|--epsilon",
        "--epsilon=1|--support",
        "--epsilon=1 --tau=1 --support=0,1|mutually exclusive",
        "--epsilon=1 --tau=-1|tau must be finite and >= 0, but was -1.0",
        "--epsilon=1 --support=1|two numbers",
        "--epsilon=1 --support=4,-2|[4.0, -2.0]",
        "--epsilon=1 --support=x,2|\"x\" of \"x,2\"",
        "--epsilon=1 --tau=1 --tangents=0|tangents must be >= 1, but was 0",
        "--epsilon=1 --tau=1 --tangents=6 --knots=1|mutually exclusive",
        "--epsilon=1 --tau=1 --loss=hinge|logistic, but was \"hinge\"",
        "--epsilon=1 --tau=1 --knots=1,NaN|must be finite, but was NaN",
        "--epsilon=1 --tau=1 --weighting=best|envelope, tangent-mixture, atoms, uniform",
        "--epsilon=1 --tau=1 --solver=best|exact, lp, grouped, primal-dual, entropic",
        "--epsilon=1 --tau=1 --solver=lp|lp must be piecewise affine, but was logistic",
        "--epsilon=1 --tau=1 --gap-scale=logit|must be one of margin, probability",
        "--epsilon=1 --tau=1 --tangents=3 --tangent-knots=even|uniform, quantiles, probability",
        "--epsilon=1 --support=0,1 --gap-scale=probability|finite at the support's lower end 0.0",
        "--epsilon=1 --support=0.5,1 --gap-scale=probability|line 1: sigmoid(gap) must be in",
        "--epsilon=1 --support=-1,1 --gap-scale=probability|support must lie in [0, 1]",
        "--epsilon=1 --tau=1 --gap-scale=probability --knots=0,1|knot 0 was 0.0",
        "--epsilon=1 --tau=1 --group-size=0|groupSize must be >= 1, but was 0",
        "--epsilon=1 --tau=1 --solver=entropic --temperature=0|temperature must be finite and > 0",
        "--epsilon=1 --tau=1 --bogus|--bogus",
      })
  void refusesBadOptions(String options, String message) {
    List<String> args = new ArrayList<>(List.of("follower"));
    args.addAll(List.of(options.split(" ", -1)));
    args.add("-");
    sgpoReading(GAPS, args.toArray(String[]::new)).assertRefused("sgpo follower: ", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "--stacktrace"})
  void theStackTraceIsShownOnRequestOnly(String option) {
    CliRun run = sgpoReading("x", "follower", "--epsilon=1", "--tau=1", option, "-");
    assertEquals(2, run.status());
    assertEquals(option.equals("--stacktrace"), run.err().contains("\tat "), run.err());
  }

  private static JsonNode solve(String... options) {
    List<String> args = new ArrayList<>(List.of("follower"));
    args.addAll(List.of(options));
    args.add("-");
    return sgpoReading(GAPS, args.toArray(String[]::new)).object();
  }

  private static double softplus(double x) {
    return Math.log1p(Math.exp(x));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static String joined(JsonNode array, String separator) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(separator));
  }
}
