package io.sgpo.examples.bench;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Products of two square bfloat16 matrices: the processor's practical peak. Java has no arrays of
 * bfloat16, so they are made and multiplied by a few lines of TorchScript.
 */
final class Bfloat16Product implements Runnable, AutoCloseable {

  private static final int SIZE = 1024;
  private static final int TIMES = 20;

  /** Floating-point operations of one run. */
  static final double OPERATIONS = 2.0 * SIZE * SIZE * SIZE * TIMES;

  private static final String SOURCE =
      """
      class Product(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Product, x: Tensor) -> Tensor:
          a = torch.to(x, 15)
          y = a
          for _ in range(%d):
            y = torch.mm(a, a)
          return torch.to(y, 6)
      """
          .formatted(TIMES);

  /** An instance in pickle protocol 2: class, no arguments, the state {"training": False}. */
  private static final String INSTANCE =
      "\u0080\u0002c__torch__\nProduct\n)\u0081}(X\b\0\0\0training\u0089ub.";

  private final Model model = Model.newInstance("product", "PyTorch");
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final NDArray matrix = manager.ones(new Shape(SIZE, SIZE));
  private final Block block;
  private final ParameterStore none = new ParameterStore(manager, true);

  Bfloat16Product() {
    try {
      model.load(new ByteArrayInputStream(archive()));
      block = model.getBlock();
    } catch (IOException | MalformedModelException e) {
      throw new IllegalStateException("the product did not load", e);
    }
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "data.pkl", INSTANCE);
      put(zip, "code/__torch__.py", SOURCE);
      put(zip, "constants.pkl", "\u0080\u0002).");
      put(zip, "version", "3\n");
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("product/" + name);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  @Override
  public void run() {
    try (NDList result = block.forward(none, new NDList(matrix), false)) {
      result.get(0).getFloat(0, 0);
    }
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
