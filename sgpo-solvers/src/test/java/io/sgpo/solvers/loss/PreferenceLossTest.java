package io.sgpo.solvers.loss;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.solvers.Golden;
import io.sgpo.solvers.Refusals;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Losses and gradients of the reference implementations (source: about in the file). */
class PreferenceLossTest {
  private static final JsonNode GOLDEN = Golden.read("preference_losses.json");

  private static final Map<String, DoubleFunction<PreferenceLoss>> LOSSES =
      Map.ofEntries(
          entry("A_sigmoid", beta -> PreferenceLoss.sigmoid()),
          entry("A_sigmoid_reference_free", beta -> PreferenceLoss.sigmoid()),
          entry("A_cdpo_label_smoothing_0.1", beta -> PreferenceLoss.sigmoid(0.1)),
          entry("A_ipo_on_sums", PreferenceLoss::ipo),
          entry("B_sigmoid", beta -> PreferenceLoss.sigmoid()),
          entry("B_sigmoid_reference_free", beta -> PreferenceLoss.sigmoid()),
          entry("B_sigmoid_label_smoothing_0.1", beta -> PreferenceLoss.sigmoid(0.1)),
          entry("B_ipo", PreferenceLoss::ipo),
          entry("B_ipo_on_per_token_averages", PreferenceLoss::ipo),
          entry("B_hinge", beta -> PreferenceLoss.hinge()),
          entry("B_robust_label_smoothing_0.1", beta -> PreferenceLoss.robust(0.1)),
          entry("B_robust_label_smoothing_0.3", beta -> PreferenceLoss.robust(0.3)));

  @TestFactory
  Stream<DynamicTest> goldens() {
    Iterable<String> names = () -> GOLDEN.get("results").fieldNames();
    return StreamSupport.stream(names.spliterator(), false)
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  @Test
  void theFileIsWhole() {
    assertEquals(22, GOLDEN.get("results").size());
  }

  private static void check(String name) {
    String[] parts = name.split("\\|beta=", 2);
    double beta = Double.parseDouble(parts[1]);
    DoubleFunction<PreferenceLoss> factory = Objects.requireNonNull(LOSSES.get(parts[0]), name);
    PreferenceLoss loss = factory.apply(beta);
    JsonNode result = GOLDEN.get("results").get(name);
    double[] chosenLengths = lengths("chosen_lengths", name);
    double[] rejectedLengths = lengths("rejected_lengths", name);
    for (int i = 0; i < chosenLengths.length; i++) {
      double chosen = logRatio("chosen", i, name) / chosenLengths[i];
      double rejected = logRatio("rejected", i, name) / rejectedLengths[i];
      double gap = beta * (chosen - rejected);
      double value = result.get("losses").get(i).asDouble();
      double gradient = result.get("grad_of_mean_wrt_policy_chosen").get(i).asDouble();
      double slope = beta * loss.slope(gap) / chosenLengths.length;
      assertClose(value, loss.value(gap), "value " + i);
      assertClose(gradient, slope / chosenLengths[i], "gradient " + i);
    }
  }

  /** The figures have seven digits. */
  private static void assertClose(double expected, double actual, String what) {
    assertEquals(expected, actual, 1e-6 * Math.abs(expected) + 1e-300, what);
  }

  /** What log-probabilities are divided by: 1, unless they are averages. */
  private static double[] lengths(String field, String name) {
    double[] lengths = Golden.numbers(GOLDEN.get("inputs").get(field));
    if (!name.contains("per_token_averages")) {
      Arrays.fill(lengths, 1);
    }
    return lengths;
  }

  private static double logRatio(String response, int i, String name) {
    JsonNode inputs = GOLDEN.get("inputs");
    double policy = inputs.get("policy_" + response + "_logps").get(i).asDouble();
    return name.contains("reference_free")
        ? policy
        : policy - inputs.get("reference_" + response + "_logps").get(i).asDouble();
  }

  @Test
  void slopesAreDerivatives() {
    double step = 1e-6;
    for (DoubleFunction<PreferenceLoss> factory : LOSSES.values()) {
      PreferenceLoss loss = factory.apply(0.3);
      for (double gap = -6.05; gap < 6; gap += 0.5) {
        double difference = (loss.value(gap + step) - loss.value(gap - step)) / (2 * step);
        assertEquals(difference, loss.slope(gap), 1e-6, loss.name());
      }
    }
  }

  @Test
  void hingeKinkTakesTheRightDerivative() {
    assertEquals(0, PreferenceLoss.hinge().slope(1));
    assertEquals(-1, PreferenceLoss.hinge().slope(Math.nextDown(1.0)));
  }

  @Test
  void names() {
    assertEquals("sigmoid", PreferenceLoss.sigmoid().name());
    assertEquals("sigmoid(0.1)", PreferenceLoss.sigmoid(0.1).name());
    assertEquals("robust(0.2)", PreferenceLoss.robust(0.2).name());
    assertEquals("ipo(0.5)", PreferenceLoss.ipo(0.5).name());
    assertEquals("hinge", PreferenceLoss.hinge().name());
  }

  @Test
  void messagesNameTheValue() {
    assertEquals(
        "labelSmoothing must be in [0, 0.5), but was 0.5",
        Refusals.message(() -> PreferenceLoss.sigmoid(0.5)));
    assertEquals(
        "flipProbability must be in [0, 0.5), but was -0.1",
        Refusals.message(() -> PreferenceLoss.robust(-0.1)));
    assertEquals(
        "beta must be finite and > 0, but was 0.0", Refusals.message(() -> PreferenceLoss.ipo(0)));
    assertEquals(
        "beta must be finite and > 0, but was Infinity",
        Refusals.message(() -> PreferenceLoss.ipo(Double.POSITIVE_INFINITY)));
  }
}
