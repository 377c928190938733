package io.sgpo.lm;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads DJL's PyTorch engine, once per process, without surprises. */
final class PyTorch {

  static final String NAME = "PyTorch";

  private static final Logger LOG = LoggerFactory.getLogger(PyTorch.class);

  /** Set for threads that have called the engine. */
  private static final ThreadLocal<Integer> BEGUN = new ThreadLocal<>();

  private static boolean loaded;

  private PyTorch() {}

  /**
   * Loads the native library.
   *
   * @param allowDownloads whether DJL may fetch a missing library
   * @param threads threads of one operation, process-wide; 0 leaves them as they are
   * @param device where a model is to live
   * @throws IllegalStateException if the library is missing and may not be downloaded, or will not
   *     load, or does not see the device; the message names what to add or set
   */
  static synchronized void load(boolean allowDownloads, int threads, Device device) {
    if (!loaded) {
      loadEngine(allowDownloads);
      loaded = true;
    }
    if (device.isGpu()) {
      requireGpu(device.getDeviceId(), gpus(Engine.getEngine(NAME)));
    }
    if (threads > 0 && JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }

  /** Threads of one operation that the calling thread begins. */
  static int threads() {
    beginThread();
    return JniUtils.getNumThreads();
  }

  /**
   * Gives a thread that calls the engine for the first time its number of threads, while no other
   * thread {@linkplain #limitThreads limits} its own.
   */
  static void beginThread() {
    if (BEGUN.get() == null) {
      synchronized (PyTorch.class) {
        BEGUN.set(JniUtils.getNumThreads());
      }
    }
  }

  /**
   * From now on operations of the calling thread take so many threads. Those of other threads go on
   * as they are, also of new ones that call the engine through this library.
   */
  static synchronized void limitThreads(int threads) {
    // The engine keeps a number for each thread, and one from which new threads have theirs;
    // setting a thread's also sets that one, which therefore has to be set again by another thread.
    int ofAll = JniUtils.getNumThreads();
    CountDownLatch limited = new CountDownLatch(1);
    Runnable reset =
        () -> {
          Uninterruptibles.awaitUninterruptibly(limited);
          JniUtils.setNumThreads(ofAll);
        };
    Thread other = new Thread(reset, "sgpo-threads");
    other.start(); // first, so that nothing has changed if it cannot
    JniUtils.setNumThreads(threads);
    limited.countDown();
    Uninterruptibles.joinUninterruptibly(other);
  }

  private static void loadEngine(boolean allowDownloads) {
    if (!allowDownloads) {
      requireNatives();
    }
    try {
      Engine engine = Engine.getEngine(NAME);
      LOG.info(
          "Loaded PyTorch {}, {}, {} threads, {} GPUs",
          engine.getVersion(),
          flavour(),
          JniUtils.getNumThreads(),
          gpus(engine));
    } catch (RuntimeException | UnsatisfiedLinkError e) {
      throw new IllegalStateException("The PyTorch library did not load: " + remedy(), e);
    }
  }

  private static void requireNatives() {
    if (Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH") != null) {
      return;
    }
    boolean missing =
        Utils.getEnvOrSystemProperty("PYTORCH_VERSION") != null || platform().isPlaceholder();
    if (missing || !hasJni()) {
      throw new IllegalStateException("The PyTorch library is not on the class path: " + remedy());
    }
  }

  /** Those of the machine, if the library was built for them. */
  private static int gpus(Engine engine) {
    return engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
  }

  /**
   * @param index of the GPU
   * @param count how many the library sees
   */
  static void requireGpu(int index, int count) {
    if (index >= count) {
      throw new IllegalStateException(
          "device must be the CPU or one of %d GPUs that PyTorch (%s) sees, but was GPU %d; a build for CUDA is found through PYTORCH_LIBRARY_PATH with PYTORCH_FLAVOR=cu128 or the like, or downloaded where CausalLmOptions allows it, and needs NVIDIA's driver"
              .formatted(count, flavour(), index));
    }
  }

  /** Which build of the library is used, and where it comes from. */
  private static String flavour() {
    String set = Utils.getEnvOrSystemProperty("PYTORCH_FLAVOR");
    String flavour = set == null ? platform().getFlavor() : set;
    String path = Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH");
    return path == null ? flavour : flavour + " at " + path;
  }

  private static boolean hasJni() {
    try {
      return ClassLoaderUtils.getResource("jnilib/pytorch.properties") != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Platform platform() {
    return Platform.detectPlatform("pytorch");
  }

  private static String remedy() {
    return "add ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 and ai.djl.pytorch:pytorch-native-cpu:2.7.1"
        + " with classifier "
        + classifier()
        + ", or set PYTORCH_LIBRARY_PATH to an installation of PyTorch, or allow downloads in"
        + " CausalLmOptions";
  }

  private static String classifier() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    if (os.contains("mac")) {
      return arm ? "osx-aarch64" : "osx-x86_64";
    }
    return (os.contains("win") ? "win" : "linux") + (arm ? "-aarch64" : "-x86_64");
  }
}
