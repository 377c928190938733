package io.sgpo.lm;

/**
 * What the shapes of a model's tensors say of its memory: weights, what is trained, and the logits
 * of the vocabulary head, of which a scalar head has none.
 *
 * @param layout the model's tensors
 * @param options how it is run
 */
record LayoutMemory(WeightLayout layout, CausalLmOptions options) {

  private static final long FLOAT = Float.BYTES;

  private long precision() {
    return options.precision().bytes();
  }

  private boolean isRounded() {
    return options.precision() != Precision.FLOAT32;
  }

  private boolean hasScalarHead() {
    return layout.head() == WeightLayout.Head.SCALAR;
  }

  private long vocabulary() {
    return layout.config().vocabularySize();
  }

  private long hidden() {
    return layout.config().hiddenSize();
  }

  /** Bytes of the weights that compute. */
  long weights() {
    return layout.slots().stream()
        .filter(WeightLayout.Slot::present)
        .mapToLong(slot -> slot.elements() * (slot.isWide() ? FLOAT : precision()))
        .sum();
  }

  /** A role's own adapter goes with a decoder of its own. */
  private long decoders() {
    LoraOptions lora = options.lora();
    return lora != null && lora.perRole() ? 2 : 1;
  }

  /** How many numbers are trained: those of the adapters and of a scalar head, or all weights. */
  long trainedNumbers() {
    LoraOptions lora = options.lora();
    if (lora == null) {
      return layout.parameters();
    }
    long adapters =
        decoders()
            * new AdapterLayout(layout, lora)
                .slots().stream().mapToLong(WeightLayout.Slot::elements).sum();
    return hasScalarHead() ? adapters + hidden() : adapters;
  }

  /**
   * Bytes of the largest product that is added to a gradient: of a layer, or in bfloat16 of some
   * rows of the head, before and after they are widened.
   */
  long largestProduct() {
    ModelConfig config = layout.config();
    long layer =
        layout.linearPlaces().stream()
            .mapToLong(place -> FLOAT * layout.slots().get(place).elements())
            .max()
            .orElse(0);
    long joined = Math.max(config.queryWidth() + 2 * config.keyWidth(), config.inwardWidth());
    long wide = Math.max(layer, FLOAT * joined * hidden());
    long head = Math.min(vocabulary() * hidden(), DecoderArchive.tileNumbers(options));
    return isRounded() ? Math.max(wide, (FLOAT + Short.BYTES) * head) : wide;
  }

  /** Positions that go through the vocabulary head at once. */
  private long headChunk() {
    return hasScalarHead() ? 0 : DecoderArchive.headChunk(layout.config(), options.precision());
  }

  /** Bytes of a position's logits in the precision that computes. */
  long logitsPerPosition() {
    return hasScalarHead() ? 0 : precision() * vocabulary();
  }

  /**
   * Bytes of logits that are there once more in float32 for some rows: where they are rounded, and
   * twice for the derivative of capped ones.
   */
  long widenedLogits() {
    boolean capped = layout.config().scores().logitCap().isPresent();
    long chunk = vocabulary() * headChunk();
    long tile = Math.min(DecoderArchive.tileLogits(layout.config(), options), chunk);
    return FLOAT * tile * (capped ? 2 : isRounded() ? 1 : 0);
  }

  /**
   * Bytes of the logits that scoring holds at once.
   *
   * @param lanes how many passes go through side by side
   */
  long scoredLogits(int lanes) {
    long share = (options.batchTokens() + lanes - 1L) / lanes;
    return lanes * (logitsPerPosition() * Math.min(headChunk(), share) + widenedLogits());
  }

  /** The most positions whose logits a training step holds at once. */
  long headPositions() {
    return headChunk() * (options.recompute() ? 1 : DecoderArchive.HEAD_KEPT + 1) * decoders();
  }
}
