package io.sgpo.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.policy.AdamW;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** AdamW and clipping against the values of torch 2.6, which the resource holds in float32. */
class OptimizerTest {

  private static final double FLOAT = 3e-7;

  private static JsonNode golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OptimizerTest.class.getResourceAsStream("torch_optimizers.json"))) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static double[] doubles(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).doubleValue();
    }
    return values;
  }

  @Test
  void adamWIsTorchs() throws IOException {
    JsonNode golden = golden();
    assertEquals(3, golden.get("adamw").size());
    for (JsonNode expected : golden.get("adamw")) {
      double[] s = doubles(expected.get("settings"));
      double[] parameters = doubles(golden.get("initial"));
      ArrayAdamW optimizer = new ArrayAdamW(parameters.length, new AdamW(s[0], s[1], s[2], s[3]));
      for (int step = 0; step < golden.get("gradients").size(); step++) {
        optimizer.update(parameters, doubles(golden.get("gradients").get(step)), 0.01);
        assertArrayEquals(doubles(expected.get("values").get(step)), parameters, FLOAT);
      }
    }
  }

  @Test
  void clippingIsTorchs() throws IOException {
    JsonNode clip = golden().get("clip");
    for (JsonNode expected : clip.get("cases")) {
      double[] gradient = flat(clip.get("grads"));
      double norm = Gradients.clip(gradient, expected.get("max_norm").doubleValue());
      assertEquals(expected.get("total_norm_before").doubleValue(), norm, FLOAT * 10);
      assertArrayEquals(flat(expected.get("grads_after")), gradient, FLOAT * 3);
    }
  }

  private static double[] flat(JsonNode rows) {
    double[] first = doubles(rows.get(0));
    double[] second = doubles(rows.get(1));
    double[] joined = new double[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Test
  void theNormDoesNotOverflow() {
    assertEquals(5e200, Gradients.norm(new double[] {3e200, -4e200}), 1e186);
    assertEquals(0, Gradients.norm(new double[3]));
  }

  @Test
  void aStateContinuesWhereItWasTaken() {
    double[] one = {1, -2};
    ArrayAdamW optimizer = new ArrayAdamW(2, AdamW.DEFAULT);
    optimizer.update(one, new double[] {0.5, 0.25}, 0.1);
    double[] other = one.clone();
    ArrayAdamW resumed = ArrayAdamW.of(optimizer.state());
    optimizer.update(one, new double[] {-1, 3}, 0.1);
    resumed.update(other, new double[] {-1, 3}, 0.1);
    assertArrayEquals(one, other);
  }

  @Test
  void statesThatAreNoneAreRefused() {
    double[] two = {0, 0};
    assertThrows(
        IllegalArgumentException.class, () -> new ArrayAdamW.State(AdamW.DEFAULT, -1, two, two));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ArrayAdamW.State(AdamW.DEFAULT, 0, two, new double[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ArrayAdamW.State(AdamW.DEFAULT, 0, two, new double[] {0, Double.NaN}));
  }
}
