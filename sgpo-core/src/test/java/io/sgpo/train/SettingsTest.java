package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sgpo.preference.Comparison;
import io.sgpo.preference.LossType;
import io.sgpo.preference.PreferenceModel;
import io.sgpo.preference.Verdict;
import io.sgpo.run.Secret;
import io.sgpo.solvers.follower.EntropicFollower;
import io.sgpo.solvers.follower.Followers;
import io.sgpo.solvers.follower.GroupedFollower;
import io.sgpo.spi.Follower;
import io.sgpo.ssapo.TinyWorld;
import io.sgpo.tabular.TabularPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private record Inner(double rate, boolean on) {}

  private record Outer(int steps, String name, LossType loss, Inner inner, List<String> rows) {}

  /** A judge with parameters of its own. */
  private record Threshold(double at, Secret key) implements PreferenceModel {
    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
      return List.of();
    }
  }

  private static Outer outer(List<String> rows) {
    return new Outer(3, "x", LossType.HINGE, new Inner(0.1, true), rows);
  }

  private static Map<String, String> settings(String name, Object value) {
    return new Settings().with(name, value).toMap();
  }

  @Test
  void aRecordIsItsComponentsByNameAndRecordsNest() {
    Map<String, String> settings = new Settings().with(outer(List.of("a"))).toMap();
    assertEquals("3", settings.get("steps"));
    assertEquals("x", settings.get("name"));
    assertEquals("HINGE", settings.get("loss"));
    assertEquals("0.1", settings.get("inner.rate"));
    assertEquals("true", settings.get("inner.on"));
    assertEquals(6, settings.size());
  }

  /** SHA-256 of 00000001 61, one byte of text after its length. */
  @Test
  void aListIsItsLengthAndTheDigestOfItsTexts() {
    String digest = "72ff6b02949dad95006c343e3db3150090d3afb49f6bbdb92fdc17607997a85c";
    assertEquals("1 of sha256 " + digest, settings("rows", List.of("a")).get("rows"));
    assertEquals(settings("rows", List.of("a")), settings("rows", List.of("a")));
    assertNotEquals(settings("rows", List.of("ab", "c")), settings("rows", List.of("a", "bc")));
    assertNotEquals(settings("rows", List.of("a", "b")), settings("rows", List.of("b", "a")));
  }

  @Test
  void otherValuesAreTold() {
    assertEquals(Map.of("plan", "none"), new Settings().with("plan", null).toMap());
    assertEquals(Map.of("ends", "[0.5, 2.0]"), settings("ends", new double[] {0.5, 2}));
    assertEquals(Map.of("f", Followers.exact().name()), settings("f", Followers.exact()));
    assertEquals(Map.of("key", Secret.class.getName()), settings("key", Secret.of("sk-1")));
  }

  @Test
  void policiesAreLeftOut() {
    try (TabularPolicy policy = new TinyWorld(1).policy()) {
      assertEquals(Map.of(), settings("policy", policy));
    }
  }

  @Test
  void aJudgeIsItsIdentityAndARecordItsComponentsToo() {
    assertEquals(Map.of("judge", "mine"), settings("judge", PreferenceModel.of("mine", c -> 0.5)));
    assertEquals(
        Map.of("judge", SettingsTest.class.getName() + " (lambda)"),
        settings("judge", PreferenceModel.of(c -> 0.5)));
    assertEquals(
        Map.of(
            "judge",
            Threshold.class.getName(),
            "judge.at",
            "0.5",
            "judge.key",
            Secret.class.getName()),
        settings("judge", new Threshold(0.5, Secret.of("sk-1"))));
  }

  @Test
  void anythingElseIsItsClass() {
    Runnable lambda = () -> {};
    assertEquals(SettingsTest.class.getName() + " (lambda)", value(lambda));
    assertEquals("java.lang.Object", value(new Object()));
  }

  private static String value(Object value) {
    return String.valueOf(settings("value", value).get("value"));
  }

  private record Options(Follower follower, List<Integer> roundPrompts) {}

  @Test
  void aFollowerIsToldWithItsParameters() {
    assertEquals("entropic(temperature=0.01, points=16)", value(new EntropicFollower(0.01, 16)));
    assertNotEquals(value(new EntropicFollower(0.01, 16)), value(new EntropicFollower(1, 16)));
    assertEquals("exact", value(Followers.exact()));
    assertEquals(
        "grouped(inner=entropic(temperature=1.0, points=4), groupSize=10, seed=3)",
        value(new GroupedFollower(new EntropicFollower(1, 4), 10, 3)));
    assertEquals("none", String.valueOf(new Settings().with("x", (Object) null).toMap().get("x")));
  }

  @Test
  void numbersAreToldAsTheyAreAndOtherListsByDigest() {
    assertEquals("[8000, 20000]", value(List.of(8000, 20000)));
    assertEquals("[0.5, 0.25]", value(List.of(0.5, 0.25)));
    assertEquals("2 of sha256", value(List.of("a", "b")).substring(0, 11));
    assertNotEquals(value(List.of("a", "b")), value(List.of("b", "a")));
    var settings = new Settings().with(new Options(Followers.exact(), List.of(3, 4))).toMap();
    assertEquals("[3, 4]", settings.get("roundPrompts"));
    assertEquals("exact", settings.get("follower"));
  }
}
