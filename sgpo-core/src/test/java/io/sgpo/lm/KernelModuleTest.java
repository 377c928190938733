package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sgpo.dialogue.Exchange;
import io.sgpo.dialogue.Response;
import io.sgpo.dialogue.TokenPrompt;
import io.sgpo.dialogue.Tokens;
import io.sgpo.lm.DecoderSource.Products;
import io.sgpo.policy.FrozenPolicy;
import io.sgpo.policy.LogProbs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class KernelModuleTest {

  private static final CausalLmOptions OPTIONS = CausalLmOptions.DEFAULT.withThreads(1);
  private static final List<Exchange> EXCHANGES =
      List.of(new Exchange(TokenPrompt.of(3, 4), Response.ofTokens(Tokens.of(5, 6, 7))));

  private static CausalLm model(int layers, int seed) throws IOException {
    return CausalLm.create(ModelConfig.llama(40, 16, 24, layers, 4, 2), null, seed, OPTIONS);
  }

  @Test
  void modelsOfOtherShapesShareOneModule() throws IOException {
    try (CausalLm one = model(1, 1)) {
      int modules = KernelModule.openModules();
      LogProbs alone = one.logProbs(EXCHANGES).get(0);
      try (CausalLm two = model(2, 2)) {
        assertEquals(modules, KernelModule.openModules());
        LogProbs other = two.logProbs(EXCHANGES).get(0);
        assertEquals(alone, one.logProbs(EXCHANGES).get(0));
        assertTrue(other.sum() != alone.sum());
      }
      assertEquals(alone, one.logProbs(EXCHANGES).get(0));
    }
  }

  @Test
  void moreModelsThanPlacesGetASecondModuleWhichEndsWithThem() throws IOException {
    try (CausalLm model = model(1, 1)) {
      int modules = KernelModule.openModules();
      LogProbs expected = model.logProbs(EXCHANGES).get(0);
      List<FrozenPolicy> references = new ArrayList<>();
      try {
        for (int i = 0; i < KernelModule.PLACES; i++) {
          references.add(model.reference());
        }
        assertEquals(modules + 1, KernelModule.openModules());
        for (FrozenPolicy reference : references) {
          assertEquals(expected, reference.logProbs(EXCHANGES).get(0));
        }
      } finally {
        references.forEach(FrozenPolicy::close);
      }
      assertEquals(modules, KernelModule.openModules());
    }
  }

  @Test
  void everySettingOfTheSourceIsGivenAndNoOther() {
    Map<String, Object> settings =
        DecoderArchive.settings(
            new WeightLayout(ModelConfig.llama(40, 16, 24, 1, 4, 2)), OPTIONS, null);
    for (Products products : Products.values()) {
      assertEquals(
          new DecoderSource(products)
              .settings().stream()
                  .map(DecoderSource.Attribute::name)
                  .collect(Collectors.toCollection(TreeSet::new)),
          new TreeSet<>(settings.keySet()));
    }
  }

  @Test
  void aSettingWithoutAValueIsNamed() throws IOException {
    PyTorch.load(false, 1, OPTIONS.device().toDjl());
    KernelModule.Place place = KernelModule.take(OPTIONS.device().toDjl(), Products.PLAIN);
    try {
      IllegalStateException error =
          assertThrows(IllegalStateException.class, () -> place.module().ordered(Map.of()));
      assertTrue(error.getMessage().contains("layers"), error.getMessage());
    } finally {
      place.leave();
    }
  }
}
