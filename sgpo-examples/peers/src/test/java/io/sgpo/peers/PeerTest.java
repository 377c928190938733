package io.sgpo.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.solvers.follower.FiniteProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerTest {

  @ParameterizedTest
  @EnumSource
  void reachesTheValueOfTheExactFollower(Peer peer) {
    for (int tangents = 5; tangents <= 7; tangents++) {
      Instance instance = Instance.of(60, tangents);
      try (LoadedProgram program = peer.load(LinearProgram.of(instance))) {
        peer.requireOptimum(program.solve(), instance.optimum());
      }
    }
  }

  @Test
  void theProgramIsThatOfTheLibrary() {
    Instance instance = Instance.of(30, 6);
    double library =
        FiniteProgram.solve(instance.gaps(), instance.exact(), instance.tangents()).value();
    try (LoadedProgram program = Peer.GLOP.load(LinearProgram.of(instance))) {
      assertEquals(library, program.solve(), 1e-12);
    }
    assertEquals(1 + 30 + 2 * 30 * 6, LinearProgram.of(instance).rows().size());
  }

  @Test
  void aValueThatIsNotTheOptimumIsRefused() {
    String message =
        assertThrows(IllegalStateException.class, () -> Peer.GLOP.requireOptimum(0.5, 0.6))
            .getMessage();
    assertTrue(message.contains("GLOP") && message.contains("0.6"), message);
    assertThrows(IllegalStateException.class, () -> Peer.OJALGO.requireOptimum(Double.NaN, 0.6));
  }
}
