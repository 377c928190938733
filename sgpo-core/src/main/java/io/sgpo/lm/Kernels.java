package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.sgpo.lm.DecoderArchive.Products;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compiled kernels of one model. Those without gradients may run on several threads at once.
 * Whoever made it closes it.
 */
final class Kernels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  // A result of IValueUtils.forward belongs to the manager of the first array; the array that names
  // the method therefore comes last. DJL's Model has a finalizer that frees the module, so it is
  // kept here.

  private final NDManager manager;
  private final Model model;
  private final PtSymbolBlock block;
  private final Map<String, NDArray> methods = new ConcurrentHashMap<>();

  /** The fastest kernels that the engine has on the device. */
  static Kernels of(WeightLayout layout, CausalLmOptions options, @Nullable AdapterLayout adapted) {
    Device device = options.device().toDjl();
    if (!device.isGpu()) {
      try {
        return probed(
            new Kernels(device, DecoderArchive.of(layout, options, adapted, Products.ONEDNN)));
      } catch (EngineException e) {
        LOG.debug("Matrix products without oneDNN: {}", e.getMessage());
      }
    }
    return new Kernels(device, DecoderArchive.of(layout, options, adapted, Products.PLAIN));
  }

  /** Tries a product: not every processor has oneDNN's bfloat16. */
  private static Kernels probed(Kernels kernels) {
    boolean complete = false;
    try (NDManager scratch = kernels.manager.newSubManager()) {
      kernels.call("probe", false, new NDList(scratch.create(0f)));
      complete = true;
      return kernels;
    } finally {
      if (!complete) {
        kernels.close();
      }
    }
  }

  /**
   * @param archive of TorchScript
   */
  private Kernels(Device device, byte[] archive) {
    this.manager = NDManager.newBaseManager(device, PyTorch.NAME);
    this.model = Model.newInstance("decoder", device, PyTorch.NAME);
    boolean complete = false;
    try {
      model.load(new ByteArrayInputStream(archive));
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

  /** Owns arrays that live as long as the kernels. */
  NDManager manager() {
    return manager;
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

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
