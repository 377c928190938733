package io.sgpo.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.sgpo.run.RunState;
import io.sgpo.testing.Refusals;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StateJsonTest {

  private static RunState throughFile(RunState state) throws IOException {
    return StateJson.read(Json.MAPPER.readTree(Json.line(StateJson.write(state))));
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }

  @Property(tries = 200)
  void doublesKeepTheirBits(@ForAll double value, @ForAll double[] values) throws IOException {
    RunState back = throughFile(new RunState().put("one", value).put("many", values));
    assertEquals(Double.doubleToLongBits(value), Double.doubleToLongBits(back.number("one")));
    assertArrayEquals(bits(values), bits(back.numbers("many")));
  }

  @Test
  void anyBitPatternOfADoubleComesBack() throws IOException {
    double[] values = new Random(5).longs(2000).mapToDouble(Double::longBitsToDouble).toArray();
    assertArrayEquals(
        bits(values), bits(throughFile(new RunState().put("x", values)).numbers("x")));
  }

  @Property(tries = 200)
  void whatIsNoDoubleComesBack(
      @ForAll long whole, @ForAll boolean flag, @ForAll String text, @ForAll long[] many)
      throws IOException {
    RunState back =
        throughFile(
            new RunState()
                .put("whole", whole)
                .put("flag", flag)
                .put("text", text)
                .put("many", many));
    assertEquals(whole, back.integer("whole"));
    assertEquals(flag, back.flag("flag"));
    assertEquals(text, back.text("text"));
    assertArrayEquals(many, back.integers("many"));
  }

  @Test
  void whatIsNotFiniteComesBackAloneAndInArrays() throws IOException {
    double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0};
    for (double value : values) {
      RunState back =
          throughFile(new RunState().put("x", value).put("xs", new double[] {value, 1}));
      assertEquals(value, back.number("x"));
      assertEquals(value, back.numbers("xs")[0]);
    }
    assertArrayEquals(
        bits(values), bits(throughFile(new RunState().put("xs", values)).numbers("xs")));
  }

  @Test
  void wholeDoublesAreNoWholeNumbers() throws IOException {
    RunState back = throughFile(new RunState().put("x", 3.0).put("xs", new double[] {1e300, 2}));
    assertEquals(3.0, back.number("x"));
    assertArrayEquals(new double[] {1e300, 2}, back.numbers("xs"));
  }

  @Test
  void statesNestAndEmptyArraysAreOfAnyKind() throws IOException {
    RunState inner = new RunState().put("deep", 0.1);
    RunState back =
        throughFile(
            new RunState()
                .put("one", inner)
                .put("several", List.of(inner, new RunState()))
                .put("none", List.<RunState>of())
                .put("numbers", new double[0])
                .put("wholes", new long[0]));
    assertEquals(0.1, back.state("one").number("deep"));
    assertEquals(2, back.states("several").size());
    assertEquals(0.1, back.states("several").get(0).number("deep"));
    assertEquals(List.of(), back.states("none"));
    assertEquals(0, back.numbers("numbers").length);
    assertEquals(0, back.integers("wholes").length);
  }

  @Test
  void whatNoStateHoldsIsRefusedByName() throws IOException {
    JsonNode node = Json.MAPPER.readTree("{\"round\": null}");
    Refusals.assertNames(
        IllegalArgumentException.class, () -> StateJson.read(node), "round", "NULL");
  }
}
