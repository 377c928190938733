import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.KvBufferCache;
import com.github.tjake.jlama.tensor.operations.TensorOperationsProvider;
import java.io.File;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * Tokens per second of Jlama 0.8.4 on a model folder: float32, a prompt of 16 tokens, 48 new ones,
 * best of 7 runs. The counterpart of GenerationBenchmark at batch 1. Not part of the build: Jlama's
 * classes need a newer JDK and its vector module.
 *
 * <pre>
 * mvn -f sgpo-examples/jlama dependency:copy-dependencies -DoutputDirectory=lib
 * java --enable-preview --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
 *   -cp 'sgpo-examples/jlama/lib/*' sgpo-examples/jlama/JlamaBenchmark.java FOLDER THREADS
 * </pre>
 */
public final class JlamaBenchmark {

  private static final int PROMPT = 16;
  private static final int NEW = 48;
  private static final int REPETITIONS = 7;

  private JlamaBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    AbstractModel model =
        ModelSupport.loadModel(
            new File(arguments[0]),
            null,
            DType.F32,
            DType.F32,
            Optional.empty(),
            Optional.of(threads));
    var field = AbstractModel.class.getDeclaredField("kvBufferCache");
    field.setAccessible(true);
    KvBufferCache cache = (KvBufferCache) field.get(model);
    double best = 0;
    for (int run = 0; run < REPETITIONS; run++) {
      long start = System.nanoTime();
      generate(model, cache, new Random(run));
      best = Math.max(best, NEW / ((System.nanoTime() - start) / 1e9));
    }
    System.out.printf(
        Locale.ROOT,
        "Jlama, %s, %d threads, batch 1: %.1f tokens/s%n",
        TensorOperationsProvider.get().name(),
        threads,
        best);
    System.exit(0);
  }

  private static void generate(AbstractModel model, KvBufferCache cache, Random random) {
    KvBufferCache.KvBuffer buffer = cache.getKvBuffer(UUID.randomUUID());
    int[] prompt = new int[PROMPT];
    for (int i = 0; i < PROMPT; i++) {
      prompt[i] = 5 + 13 * i;
    }
    AbstractTensor states = model.batchForward(prompt, 0, buffer);
    AbstractTensor logits = model.makeDenseTensor(model.getConfig().vocabularySize);
    AbstractTensor last = states.slice(states.shape().first() - 1);
    int token = model.sample(last, 1, random.nextFloat(), logits);
    for (int position = PROMPT; position < PROMPT + NEW - 1; position++) {
      AbstractTensor state = model.forward(token, position, buffer, Optional.empty());
      token = model.sample(state, 1, random.nextFloat(), logits);
    }
  }
}
