package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** An adapter's matrices in native memory: for every place of the model's layout A and B. */
final class Adapter {

  private final AdapterLayout layout;
  private final List<NDArray> a = new ArrayList<>();
  private final List<NDArray> b = new ArrayList<>();

  /**
   * Zeros.
   *
   * @param places of the model's layout; those without an adapter get empty tensors
   * @param manager owns the tensors
   */
  Adapter(AdapterLayout layout, int places, NDManager manager) {
    this.layout = layout;
    NDArray noA = manager.create(new Shape(0));
    NDArray noB = manager.create(new Shape(0));
    for (int place = 0; place < places; place++) {
      a.add(noA);
      b.add(noB);
    }
    for (AdapterLayout.Module module : layout.modules()) {
      a.set(module.place(), manager.zeros(Tensors.shape(module.a())));
      b.set(module.place(), manager.zeros(Tensors.shape(module.b())));
    }
    Kernels.named("lora_a", a);
    Kernels.named("lora_b", b);
  }

  AdapterLayout layout() {
    return layout;
  }

  List<NDArray> a() {
    return a;
  }

  List<NDArray> b() {
    return b;
  }

  /** Whether every B is zero, so that the adapter changes nothing. */
  boolean isOff(Tensors tensors) {
    for (AdapterLayout.Module module : layout.modules()) {
      float[] values = new float[Math.toIntExact(module.b().elements())];
      tensors.read(b.get(module.place()), 0, values, values.length);
      for (float value : values) {
        if (value != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Takes over the matrices of an adapter of the same layout. */
  void copyFrom(Adapter source, Tensors tensors) {
    for (AdapterLayout.Module module : layout.modules()) {
      int place = module.place();
      tensors.assign(a.get(place), source.a.get(place));
      tensors.assign(b.get(place), source.b.get(place));
    }
  }

  /** What is trained: A, B, A, B, … in the order of the modules. */
  List<Decoder.Parameter> parameters() {
    List<Decoder.Parameter> parameters = new ArrayList<>();
    for (AdapterLayout.Module module : layout.modules()) {
      parameters.add(new Decoder.Parameter(module.a(), a.get(module.place())));
      parameters.add(new Decoder.Parameter(module.b(), b.get(module.place())));
    }
    return parameters;
  }
}
