package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.sgpo.lm.DecoderSource.Products;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The kernels as compiled for a device: code of the process, with places for many models. Compiling
 * takes about a tenth of a second and some megabytes, so it is done once and the module stays; more
 * are made only while all places are taken. Thread-safe.
 */
final class KernelModule {

  // A result of IValueUtils.forward belongs to the manager of the first array; the arrays that name
  // the place and the method therefore come last. DJL's Model has a finalizer that frees the
  // module, so it is kept here. The module's list of decoders never changes: models that start or
  // end write to their own element only.

  static final int PLACES = 64;

  private static final List<KernelModule> OPEN = new ArrayList<>();

  private final Device device;
  private final Products products;
  private final List<DecoderSource.Attribute> settings;
  private final NDManager manager;
  private final Model model;
  private final PtSymbolBlock block;
  private final Map<String, NDArray> methods = new ConcurrentHashMap<>();
  private final BitSet taken = new BitSet(PLACES);

  private KernelModule(Device device, Products products) {
    this.device = device;
    this.products = products;
    DecoderSource source = new DecoderSource(products);
    this.settings = source.settings();
    this.manager = NDManager.newBaseManager(Device.cpu(), PyTorch.NAME);
    this.model = Model.newInstance("kernels", device, PyTorch.NAME);
    boolean complete = false;
    try {
      model.load(new ByteArrayInputStream(DecoderArchive.of(source, PLACES)));
      this.block = (PtSymbolBlock) model.getBlock();
      complete = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("the kernels did not load", e);
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /** A model's place in a module. */
  record Place(KernelModule module, int number) {

    /** One more in the same module, or null where all are taken. */
    @Nullable Place beside() {
      synchronized (OPEN) {
        return module.taken.cardinality() < PLACES ? module.take() : null;
      }
    }

    /** To be called once, when nothing runs there and nothing is kept there. */
    void leave() {
      synchronized (OPEN) {
        module.taken.clear(number);
        if (module.taken.isEmpty() && !module.isFirst()) {
          OPEN.remove(module);
          module.close();
        }
      }
    }
  }

  /** A free place, in a new module if there is none. */
  static Place take(Device device, Products products) {
    synchronized (OPEN) {
      KernelModule module =
          OPEN.stream()
              .filter(open -> open.isFor(device, products))
              .filter(open -> open.taken.cardinality() < PLACES)
              .findFirst()
              .orElseGet(() -> open(device, products));
      return module.take();
    }
  }

  private Place take() {
    int number = taken.nextClearBit(0);
    taken.set(number);
    return new Place(this, number);
  }

  private static KernelModule open(Device device, Products products) {
    KernelModule module = new KernelModule(device, products);
    OPEN.add(module);
    return module;
  }

  /** Compiled modules that are open; for tests. */
  static int openModules() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  private boolean isFor(Device wanted, Products with) {
    return device.equals(wanted) && products == with;
  }

  private boolean isFirst() {
    return OPEN.stream().filter(open -> open.isFor(device, products)).findFirst().orElse(this)
        == this;
  }

  /** A model's settings in the order in which {@code set_up} takes them. */
  double[] ordered(Map<String, Object> values) {
    return settings.stream().mapToDouble(setting -> number(setting, values)).toArray();
  }

  private static double number(DecoderSource.Attribute setting, Map<String, Object> values) {
    Object value = values.get(setting.name());
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalStateException("no value for the kernels' setting " + setting.name());
  }

  /**
   * Runs a kernel.
   *
   * @param method its name
   * @param gradients whether results may enter a later backward pass
   * @param arguments in order, the place last; results belong to the manager of the first
   */
  NDList call(String method, boolean gradients, NDList arguments) {
    PyTorch.beginThread();
    arguments.add(methods.computeIfAbsent(method, this::nameArray));
    boolean before = JniUtils.isGradMode();
    JniUtils.setGraphExecutorOptimize(false); // per thread; re-specialises on every shape otherwise
    JniUtils.setGradMode(gradients);
    try {
      return IValueUtils.forward(block, arguments, gradients);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private NDArray nameArray(String method) {
    NDArray array = manager.create(0f);
    array.setName("module_method:" + method);
    return array;
  }

  private void close() {
    model.close();
    manager.close();
  }
}
