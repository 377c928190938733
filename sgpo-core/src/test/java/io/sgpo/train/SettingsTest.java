package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sgpo.solvers.follower.EntropicFollower;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import io.sgpo.spi.Follower;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static String text(Object value) {
    return String.valueOf(new Settings().with("value", value).toMap().get("value"));
  }

  private record Options(Follower follower, List<Integer> roundPrompts) {}

  @Test
  void aFollowerIsToldWithItsParameters() {
    assertEquals("entropic(temperature=0.01, points=16)", text(new EntropicFollower(0.01, 16)));
    assertNotEquals(text(new EntropicFollower(0.01, 16)), text(new EntropicFollower(1, 16)));
    assertEquals("exact", text(Followers.exact()));
    assertEquals(
        "grouped(inner=entropic(temperature=1.0, points=4), groupSize=10, seed=3)",
        text(new GroupedFollower(new EntropicFollower(1, 4), 10, 3)));
    assertEquals("none", String.valueOf(new Settings().with("x", (Object) null).toMap().get("x")));
  }

  @Test
  void numbersAreToldAsTheyAreAndOtherListsByDigest() {
    assertEquals("[8000, 20000]", text(List.of(8000, 20000)));
    assertEquals("[0.5, 0.25]", text(List.of(0.5, 0.25)));
    assertEquals("2 of sha256", text(List.of("a", "b")).substring(0, 11));
    assertNotEquals(text(List.of("a", "b")), text(List.of("b", "a")));
    var settings = new Settings().with(new Options(Followers.exact(), List.of(3, 4))).toMap();
    assertEquals("[3, 4]", settings.get("roundPrompts"));
    assertEquals("exact", settings.get("follower"));
  }
}
