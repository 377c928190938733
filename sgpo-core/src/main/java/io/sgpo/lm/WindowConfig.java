package io.sgpo.lm;

import io.sgpo.checkpoint.CheckpointException;
import io.sgpo.lm.Architecture.Trait;
import java.util.List;
import java.util.OptionalInt;

/**
 * The sliding window in {@code config.json}. The defaults of fields that are not there are those of
 * transformers.
 */
final class WindowConfig {

  private static final int WINDOW = 4096;
  private static final int FIRST_WINDOW_LAYER = 28;

  private WindowConfig() {}

  /** The window, if layers have one. */
  static OptionalInt read(ConfigFile file, Architecture architecture) throws CheckpointException {
    OptionalInt window = declared(file, architecture);
    List<String> types = file.texts("layer_types");
    for (int layer = 0; layer < types.size(); layer++) {
      boolean sliding = window.isPresent() && architecture.hasWindow(layer);
      String expected = sliding ? "sliding_attention" : "full_attention";
      if (!types.get(layer).equals(expected)) {
        throw file.fault(
            "layer_types must be %s in layer %d, as the other fields say, but is %s"
                .formatted(expected, layer, types.get(layer)));
      }
    }
    return window;
  }

  private static OptionalInt declared(ConfigFile file, Architecture architecture)
      throws CheckpointException {
    if (!architecture.has(Trait.WINDOW)) {
      return OptionalInt.empty();
    }
    boolean unset = architecture != Architecture.PHI3 && !file.root().has("sliding_window");
    OptionalInt window = unset ? OptionalInt.of(WINDOW) : file.optionalInteger("sliding_window");
    return architecture.has(Trait.WINDOW_SWITCH) ? switched(file, window) : window;
  }

  /** Layers from max_window_layers on have the window. */
  private static OptionalInt switched(ConfigFile file, OptionalInt window)
      throws CheckpointException {
    if (!file.flag("use_sliding_window", false) || window.isEmpty()) {
      return OptionalInt.empty();
    }
    int first = file.integer("max_window_layers", FIRST_WINDOW_LAYER);
    int layers = file.integer("num_hidden_layers");
    if (first > 0 && first < layers) {
      throw file.fault(
          "max_window_layers must be 0 or at least num_hidden_layers = %d with use_sliding_window: all layers must have the window, or none; but was %d"
              .formatted(layers, first));
    }
    return first <= 0 ? window : OptionalInt.empty();
  }
}
