package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sgpo.policy.Sampling;
import io.sgpo.testing.SharedFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tokens are kept, and with which probability, beside the processors of transformers. */
class LogitsProcessorsTest {

  @ParameterizedTest
  @CsvSource({
    "temperature=0.7, 0.7, 0, 1",
    "top_k=5, 1, 5, 1",
    "top_k=50, 1, 50, 1",
    "top_p=0.9, 1, 0, 0.9",
    "top_p=0.5, 1, 0, 0.5",
    "top_p=0.05, 1, 0, 0.05",
    "top_p=1.0, 1, 0, 1"
  })
  void aProcessorsTokensAndProbabilities(String name, double temperature, int k, double p)
      throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(SharedFiles.require("golden/generation/logits_processors.json").toFile());
    TokenFilter filter = new TokenFilter(Sampling.of(1, 0).withTopK(k).withTopP(p));
    for (int row = 0; row < golden.get("inputs").get("logits").size(); row++) {
      double[] logits = GoldenModel.doubles(golden.get("inputs").get("logits").get(row));
      JsonNode processed = golden.get("outputs").get(name).get(row);
      double[] expected = softmax(processed);
      double largest = Arrays.stream(logits).max().orElseThrow();
      float[] weights = new float[logits.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) Math.exp((logits[i] - largest) / temperature);
      }
      filter.cut(weights);
      double kept =
          IntStream.range(0, weights.length)
              .filter(filter::keeps)
              .mapToDouble(i -> weights[i])
              .sum();
      for (int i = 0; i < weights.length; i++) {
        assertEquals(!processed.get(i).isNull(), filter.keeps(i), name);
        assertEquals(expected[i], filter.keeps(i) ? weights[i] / kept : 0, 1e-6, name);
      }
    }
  }

  /** Null is minus infinity. */
  private static double[] softmax(JsonNode logits) {
    double[] weights = new double[logits.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = logits.get(i).isNull() ? 0 : Math.exp(logits.get(i).doubleValue());
    }
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }
}
