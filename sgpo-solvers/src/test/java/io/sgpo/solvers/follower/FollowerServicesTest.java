package io.sgpo.solvers.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.follower.Ambiguity;
import io.sgpo.follower.WorstCase;
import io.sgpo.solvers.loss.LineLoss;
import io.sgpo.solvers.loss.Tangents;
import io.sgpo.spi.Follower;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Followers are found by name, and what they answer says what it is. */
class FollowerServicesTest {

  private static final double[] GAPS = {-0.5, 0.25, 1};
  private static final Tangents TANGENTS = Tangents.uniform(5, -2, 2);
  private static final Ambiguity BALL = Ambiguity.wasserstein(0.1).support(-2, 2).loss(TANGENTS);

  private static Map<String, Follower> services() {
    Map<String, Follower> byName = new TreeMap<>();
    for (Follower follower : ServiceLoader.load(Follower.class)) {
      byName.put(follower.name(), follower);
    }
    return byName;
  }

  @Test
  void everyServiceHasItsName() {
    Map<String, Class<?>> expected =
        new TreeMap<>(
            Map.of(
                "entropic", EntropicFollower.class,
                "exact", ExactFollower.class,
                "grouped", GroupedFollower.class,
                "lp", LpFollower.class,
                "primal-dual", PrimalDualFollower.class));
    Map<String, Class<?>> found = new TreeMap<>();
    services().forEach((name, follower) -> found.put(name, follower.getClass()));
    assertEquals(expected, found);
  }

  @Test
  void answersPrintTheirValue() {
    services()
        .forEach(
            (name, follower) -> {
              WorstCase worst = follower.solve(GAPS, BALL);
              assertTrue(
                  worst.toString().contains(Double.toString(worst.value())),
                  () -> name + ": " + worst);
            });
    LineWorstCase line = new LipschitzFollower().solve(GAPS, BALL, LineLoss.sigmoid());
    assertTrue(line.toString().contains(Double.toString(line.value())), line.toString());
    assertEquals(GAPS.length, line.size());
    FiniteSolution finite = FiniteProgram.solve(GAPS, BALL, TANGENTS);
    assertTrue(finite.toString().contains(Double.toString(finite.value())), finite.toString());
  }
}
