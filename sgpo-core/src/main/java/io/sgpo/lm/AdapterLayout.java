package io.sgpo.lm;

import java.util.ArrayList;
import java.util.List;

/** Which linear layers of a model have an adapter, and how large its matrices are. */
final class AdapterLayout {

  /** What PEFT puts before a module's name in the causal language model. */
  static final String PREFIX = "base_model.model.";

  /**
   * An adapted linear layer.
   *
   * @param place of its weight in the layout of the model
   * @param name of the layer in the model
   * @param a A's tensor in PEFT's files, [rank, in]
   * @param b B's, [out, rank]
   */
  record Module(int place, String name, WeightLayout.Slot a, WeightLayout.Slot b) {}

  private final LoraOptions options;
  private final List<Module> modules = new ArrayList<>();

  /**
   * @throws IllegalArgumentException naming a target that is no linear layer of the model
   */
  AdapterLayout(WeightLayout layout, LoraOptions options) {
    this.options = options;
    options.targets().forEach(target -> requireLinear(layout, target));
    for (int place : layout.linearPlaces()) {
      WeightLayout.Slot weight = layout.slots().get(place);
      String name = moduleName(weight);
      if (options.targets().stream().anyMatch(target -> matches(name, target))) {
        modules.add(module(place, name, weight.shape()));
      }
    }
  }

  private static void requireLinear(WeightLayout layout, String target) {
    boolean found =
        layout.linearPlaces().stream()
            .anyMatch(place -> matches(moduleName(layout.slots().get(place)), target));
    if (!found) {
      throw new IllegalArgumentException(
          "targets must each be the end of a linear layer's name, one of %s, but one was \"%s\""
              .formatted(String.join(", ", WeightLayout.LINEAR), target));
    }
  }

  private static String moduleName(WeightLayout.Slot weight) {
    return weight.name().substring(0, weight.name().length() - ".weight".length());
  }

  /** PEFT's rule: the whole name, or its last parts. */
  private static boolean matches(String name, String target) {
    return name.equals(target) || name.endsWith("." + target);
  }

  private Module module(int place, String name, List<Long> shape) {
    long rank = options.rank();
    return new Module(
        place,
        name,
        new WeightLayout.Slot(PREFIX + name + ".lora_A.weight", List.of(rank, shape.get(1)), true),
        new WeightLayout.Slot(PREFIX + name + ".lora_B.weight", List.of(shape.get(0), rank), true));
  }

  LoraOptions options() {
    return options;
  }

  /** In the order of the model's layout. */
  List<Module> modules() {
    return modules;
  }

  /** The trained tensors A, B, A, B, … in the order of the modules. */
  List<WeightLayout.Slot> slots() {
    return modules.stream().flatMap(module -> List.of(module.a(), module.b()).stream()).toList();
  }
}
