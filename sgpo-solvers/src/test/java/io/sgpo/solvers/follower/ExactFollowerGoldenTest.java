package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.GapLoss;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.Golden;
import io.sgpo.solvers.loss.Tangents;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every case of golden/dro_cases_small.json, all fields, canonical entries included. */
class ExactFollowerGoldenTest {
  private static final JsonNode CASES = Golden.read("dro_cases_small.json").get("cases");

  @Test
  void theFileIsWhole() {
    assertEquals(15, CASES.size());
  }

  @TestFactory
  Stream<DynamicTest> solves() {
    return cases("ok").map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  @TestFactory
  Stream<DynamicTest> rejects() {
    return cases("reject")
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.get("id").asText(),
                    () -> assertThrows(IllegalArgumentException.class, () -> solve(c))));
  }

  private static Stream<JsonNode> cases(String expect) {
    return StreamSupport.stream(CASES.spliterator(), false)
        .filter(c -> c.get("expect").asText().equals(expect));
  }

  private static WorstCase solve(JsonNode c) {
    GapLoss loss =
        c.get("loss").asText().equals("exact")
            ? GapLoss.logistic()
            : Tangents.at(Golden.numbers(c.get("knots")));
    Ambiguity ambiguity =
        new Ambiguity(
            Golden.number(c.get("eps")),
            Golden.number(c.get("a")),
            Golden.number(c.get("b")),
            loss);
    return Followers.exact().solve(Golden.numbers(c.get("gaps")), ambiguity);
  }

  private static void check(JsonNode c) {
    JsonNode expected = c.get("expected");
    WorstCase worst = solve(c);
    assertEquals(expected.get("value").asDouble(), worst.value(), 1e-14);
    double lambda = Golden.number(expected.get("lambda_lo"));
    assertEquals(lambda, worst.dualPrice(), 1e-13 * lambda, "canonical dual price");
    assertTrue(worst.dualPrice() <= Golden.number(expected.get("lambda_hi")) * (1 + 1e-9));
    assertArrayEquals(Golden.numbers(expected.get("moved")), worst.moved(), 1e-13);
    assertArrayEquals(Golden.numbers(expected.get("grad")), worst.gradient(), 1e-14);
    assertTrue(worst.certificate() < 1e-11, () -> "certificate " + worst.certificate());
    if (expected.has("weights")) {
      checkWeights(expected.get("weights"), worst.weights(LeaderWeighting.ENVELOPE));
    }
  }

  private static void checkWeights(JsonNode expected, double[] weights) {
    assertEquals(expected.size(), weights.length);
    for (int i = 0; i < weights.length; i++) {
      if (!expected.get(i).isNull()) {
        double weight = expected.get(i).asDouble();
        assertEquals(weight, weights[i], 1e-12 * Math.max(1, weight), "weight " + i);
      }
    }
  }
}
