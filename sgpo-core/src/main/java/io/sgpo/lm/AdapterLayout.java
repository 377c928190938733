package io.sgpo.lm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which linear layers of a model have an adapter, and how large its matrices are. */
final class AdapterLayout {

  /** What PEFT puts before a module's name in the causal language model. */
  static final String PREFIX = "base_model.model.";

  /** What PEFT adapts by default where they are linear layers of their own. */
  private static final String QUERY = "q_proj";

  private static final String VALUE = "v_proj";

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
    this.options = options.targets(targets(layout, options.targets()));
    this.options.targets().forEach(target -> requireLinear(layout, target));
    for (int place : layout.linearPlaces()) {
      WeightLayout.Slot weight = layout.slots().get(place);
      String name = moduleName(weight);
      if (this.options.targets().stream().anyMatch(target -> matches(name, target))) {
        modules.add(module(place, name, layout.inputs(weight), layout.outputs(weight)));
      }
    }
  }

  /** The names that were given, those that stand for all linear layers, or those by default. */
  private static Set<String> targets(WeightLayout layout, Set<String> given) {
    Set<String> linear = linear(layout);
    if (given.isEmpty()) {
      return linear.contains(VALUE)
          ? Set.of(QUERY, VALUE)
          : Set.of(lastName(layout.config().architecture().names().query()));
    }
    return given.equals(LoraOptions.ALL_LINEAR) ? linear : given;
  }

  /** The linear layers of every layer, by the last part of their name. */
  private static Set<String> linear(WeightLayout layout) {
    return layout.linearPlaces().stream()
        .map(place -> lastName(moduleName(layout.slots().get(place))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String lastName(String module) {
    return module.substring(module.lastIndexOf('.') + 1);
  }

  private static void requireLinear(WeightLayout layout, String target) {
    boolean found =
        layout.linearPlaces().stream()
            .anyMatch(place -> matches(moduleName(layout.slots().get(place)), target));
    if (!found) {
      throw new IllegalArgumentException(
          "targets must each be the end of a linear layer's name, one of %s, but one was \"%s\""
              .formatted(String.join(", ", linear(layout)), target));
    }
  }

  private static String moduleName(WeightLayout.Slot weight) {
    return weight.name().substring(0, weight.name().length() - ".weight".length());
  }

  /** PEFT's rule: the whole name, or its last parts. */
  private static boolean matches(String name, String target) {
    return name.equals(target) || name.endsWith("." + target);
  }

  private Module module(int place, String name, long inputs, long outputs) {
    long rank = options.rank();
    return new Module(
        place,
        name,
        table(name + ".lora_A.weight", rank, inputs),
        table(name + ".lora_B.weight", outputs, rank));
  }

  private static WeightLayout.Slot table(String name, long rows, long columns) {
    return new WeightLayout.Slot(
        PREFIX + name, List.of(rows, columns), true, WeightLayout.Kind.TABLE);
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
