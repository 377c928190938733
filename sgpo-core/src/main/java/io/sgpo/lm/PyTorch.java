package io.sgpo.lm;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads DJL's PyTorch engine, once per process, without surprises. */
final class PyTorch {

  static final String NAME = "PyTorch";

  private static final Logger LOG = LoggerFactory.getLogger(PyTorch.class);

  private static boolean loaded;

  private PyTorch() {}

  /**
   * Loads the native library.
   *
   * @param allowDownloads whether DJL may fetch a missing library
   * @param threads threads of one operation, process-wide; 0 leaves them as they are
   * @throws IllegalStateException if the library is missing and may not be downloaded, or will not
   *     load; the message names the artifact to add
   */
  static synchronized void load(boolean allowDownloads, int threads) {
    if (!loaded) {
      loadEngine(allowDownloads);
      loaded = true;
    }
    if (threads > 0 && JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }

  private static void loadEngine(boolean allowDownloads) {
    if (!allowDownloads) {
      requireNatives();
    }
    try {
      Engine engine = Engine.getEngine(NAME);
      LOG.info("Loaded PyTorch {}, {} threads", engine.getVersion(), JniUtils.getNumThreads());
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
