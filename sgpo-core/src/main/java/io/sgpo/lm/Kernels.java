package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.sgpo.lm.DecoderSource.Products;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of one model: its place in a compiled module. Those without gradients may run on
 * several threads at once. Whoever made it closes it.
 */
final class Kernels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  /** What multiplies on this processor, as found by trying. */
  private static final Map<Precision, Products> ON_CPU = new ConcurrentHashMap<>();

  private final NDManager manager;
  private final NDManager places = NDManager.newBaseManager(Device.cpu(), PyTorch.NAME);
  private final KernelModule.Place place;
  private final NDArray number;
  private final Device device;
  private final double[] settings;

  /** The fastest kernels that the engine has on the device. */
  static Kernels of(WeightLayout layout, CausalLmOptions options, @Nullable AdapterLayout adapted) {
    Device device = options.device().toDjl();
    Map<String, Object> settings = DecoderArchive.settings(layout, options, adapted);
    Products products =
        device.isGpu()
            ? Products.PLAIN
            : ON_CPU.computeIfAbsent(options.precision(), any -> fastest(device, settings));
    return new Kernels(device, products, settings);
  }

  /** Tries a product: not every processor has oneDNN's bfloat16. */
  private static Products fastest(Device device, Map<String, Object> settings) {
    try (Kernels kernels = new Kernels(device, Products.ONEDNN, settings);
        NDManager scratch = kernels.scratch()) {
      kernels.call("probe", false, new NDList(scratch.create(0f)));
      return Products.ONEDNN;
    } catch (EngineException e) {
      LOG.debug("Matrix products without oneDNN: {}", e.getMessage());
      return Products.PLAIN;
    }
  }

  private Kernels(Device device, Products products, Map<String, Object> settings) {
    this(device, KernelModule.take(device, products), settings);
  }

  private Kernels(Device device, KernelModule.Place place, Map<String, Object> settings) {
    this(device, place, place.module().ordered(settings));
  }

  private Kernels(Device device, KernelModule.Place place, double[] settings) {
    this.device = device;
    this.place = place;
    this.settings = settings;
    this.manager = NDManager.newBaseManager(device, PyTorch.NAME);
    this.number = places.create((long) place.number());
    try (NDManager scratch = places.newSubManager()) {
      call("set_up", false, new NDList(scratch.create(settings)));
    }
  }

  /** More of them with the same settings; null where the compiled module has no place left. */
  @Nullable Kernels beside() {
    KernelModule.Place free = place.beside();
    return free == null ? null : new Kernels(device, free, settings);
  }

  /**
   * Adds the gradients of kernels that came from {@link #beside} and have some.
   *
   * @return theirs, used up; they belong to these kernels' manager
   */
  NDList takeGradients(Kernels other) {
    NDArray any = manager.create(0f);
    try (NDManager scratch = places.newSubManager()) {
      NDArray from = scratch.create((long) other.place.number());
      return call("take_gradients", true, new NDList(any, from));
    } finally {
      any.close();
    }
  }

  /** Runs a kernel that takes nothing; what it makes may be written to later. */
  void command(String method) {
    try (NDManager scratch = scratch()) {
      call(method, true, new NDList(scratch.create(0f)));
    }
  }

  /** Owns arrays that live as long as the kernels. */
  NDManager manager() {
    return manager;
  }

  /** Arrays that live in Java's hands. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  /** A manager for the arrays of one piece of work; its maker closes it. */
  NDManager scratch() {
    PyTorch.beginThread();
    return manager.newSubManager();
  }

  /** Gives arrays the name by which a kernel takes them as one list. */
  static List<NDArray> named(String list, List<NDArray> arrays) {
    arrays.forEach(array -> array.setName(list + "[]"));
    return arrays;
  }

  /**
   * Runs a kernel.
   *
   * @param method its name
   * @param gradients whether results may enter a later backward pass
   * @param arguments in order; results belong to the manager of the first
   */
  NDList call(String method, boolean gradients, NDList arguments) {
    arguments.add(number);
    return place.module().call(method, gradients, arguments);
  }

  /** Lets go of every tensor that the kernels hold. Not to be called while one runs. */
  @Override
  public void close() {
    command("release");
    place.leave();
    places.close();
    manager.close();
  }
}
