package io.sgpo.lm;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import io.sgpo.lm.CausalLmOptions.DevicePlace;
import io.sgpo.testing.Refusals;
import org.junit.jupiter.api.Test;

class DeviceTest {

  private static final ModelConfig TINY = ModelConfig.llama(40, 16, 24, 2, 4, 2);

  @Test
  void aGpuThatTheLibraryDoesNotSeeIsRefusedWithWhatToSet() throws Exception {
    CausalLm.create(TINY, null, 1, GoldenModel.OPTIONS).close(); // loads the library
    assumeTrue(
        Engine.getEngine(PyTorch.NAME).getGpuCount() == 0, "this machine has a GPU for PyTorch");
    Refusals.assertNames(
        IllegalStateException.class,
        () ->
            CausalLm.create(TINY, null, 1, GoldenModel.OPTIONS.withDevice(DevicePlace.gpu(3)))
                .close(),
        "GPU 3",
        "0 GPUs",
        "PYTORCH_LIBRARY_PATH",
        "PYTORCH_FLAVOR",
        "driver");
  }

  @Test
  void theLastOfTwoIsThereAndNoThird() {
    assertDoesNotThrow(() -> PyTorch.requireGpu(1, 2));
    Refusals.assertNames(
        IllegalStateException.class, () -> PyTorch.requireGpu(2, 2), "GPU 2", "2 GPUs");
  }
}
