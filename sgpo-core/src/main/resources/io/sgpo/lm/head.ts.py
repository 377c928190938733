
  # ---- the vocabulary head, a chunk of positions at a time ----

  # states [N, hidden] -> logits [N, V] in compute_type, not capped
  def logits_of(self: __torch__.Decoder, states: Tensor, packed: List[Tensor]) -> Tensor:
    x = self.narrow(states)
    w = torch.detach(self.weights[2])
    if self.is_row(x):
      return self.row_product(x, 2)
    if torch.len(packed) > 2:
      return self.product_with(x, w, packed[2], None)
    return self.product(x, w, None)

  # The same in float32, capped.
  def vocabulary(self: __torch__.Decoder, states: Tensor, packed: List[Tensor]) -> Tensor:
    return self.capped_logits(self.wide(self.logits_of(states, packed)))

  # logits x become cap tanh(x / cap); in their place.
  def capped_logits(self: __torch__.Decoder, logits: Tensor) -> Tensor:
    if self.logit_cap > 0.:
      logits = torch.mul_(torch.tanh_(torch.div_(logits, self.logit_cap)), self.logit_cap)
    return logits

  # The derivative through the cap: d = softmax(logits / temperature) [n, V] is multiplied, in its place, by d cap tanh(x / cap) / dx =
  # 1 - (cap tanh(x / cap) / cap)^2; the result is the same of less [n], which belongs to the targets. The logarithms of d tell the logits up
  # to a shift of every row, and the logit of its target, whose share may be 0 in floating point, tells the shift. Another share that is 0
  # stays so whatever its slope.
  def bend_back(self: __torch__.Decoder, d: Tensor, less: Tensor, states: Tensor, targets: Tensor, scores: Tensor, temperature: Tensor) -> Tensor:
    w = torch.index_select(torch.detach(self.weights[2]), 0, targets)
    wanted = self.capped_logits(torch.sum(torch.mul(self.wide(self.narrow(states)), w), [1], True))
    shift = torch.sub(torch.div(wanted, temperature), torch.unsqueeze(scores, 1))
    share = torch.div(temperature, self.logit_cap)
    rows = self.rows_at_once(torch.size(d, 1), self.tile_rows)
    for start in range(0, torch.size(d, 0), rows):
      tile = torch.slice(d, 0, start, start + rows)
      wide = torch.to(tile, 6, False, True)
      bent = torch.add_(torch.log(wide), torch.slice(shift, 0, start, start + rows))
      bent = torch.clamp_(torch.mul_(bent, share), -1., 1.)
      _0 = torch.copy_(tile, torch.addcmul_(wide, wide, torch.mul_(bent, bent), value=-1.))
    bent = torch.div(torch.squeeze(wanted, 1), self.logit_cap)
    return self.narrow(torch.mul(self.wide(less), torch.rsub(torch.mul(bent, bent), 1.)))

  # logits [n, V] -> the same capped and divided by the temperature, in float32, in their place if they are that.
  def cooled(self: __torch__.Decoder, logits: Tensor, temperature: float) -> Tensor:
    logits = self.capped_logits(self.wide(logits))
    if temperature != 1.:
      logits = torch.div_(logits, temperature)
    return logits

  # logits [n, V] -> log softmax of what cooled makes of them.
  def tempered(self: __torch__.Decoder, logits: Tensor, temperature: float) -> Tensor:
    logits = self.cooled(logits, temperature)
    return torch._log_softmax(logits, 1, False, out=logits)

  # How many rows of so many numbers an operator takes at once where the next one is to find them near the processor.
  def rows_at_once(self: __torch__.Decoder, columns: int, least: int) -> int:
    return ops.prim.max(torch.floordiv(self.tile_numbers, columns), least)

  # The log-probabilities of targets [n, 1] for logits [n, V] in float32, [n, 1], and softmax(logits) in their place. The largest logit and its
  # share, which is no less than 1 / V, tell log sum exp(logits), so that exponentials are taken once; what tempered gives may differ in the
  # last bits.
  def score_and_shares(self: __torch__.Decoder, logits: Tensor, targets: Tensor) -> Tuple[Tensor, Tensor]:
    below = torch.sub(torch.gather(logits, 1, targets), torch.amax(logits, [1], True))
    shares = torch._softmax(logits, 1, False, out=logits)
    return (torch.add_(below, torch.log_(torch.amax(shares, [1], True))), shares)

  # The log-probabilities [n] of the targets for logits [n, V] of compute_type; with keep, softmax(logits / temperature) takes their place.
  def log_shares(self: __torch__.Decoder, logits: Tensor, targets: Tensor, temperature: float, keep: bool) -> Tensor:
    parts = annotate(List[Tensor], [])
    rows = ops.prim.min(self.rows_at_once(torch.size(logits, 1), self.tile_rows), torch.size(logits, 0))
    wide = logits
    if self.compute_type != 6:
      wide = torch.empty([rows, torch.size(logits, 1)], device=ops.prim.device(logits))
    for start in range(0, torch.size(logits, 0), rows):
      tile = torch.slice(logits, 0, start, start + rows)
      every = tile
      if self.compute_type != 6:
        every = torch.copy_(torch.slice(wide, 0, 0, torch.size(tile, 0)), tile)
      wanted = torch.unsqueeze(torch.slice(targets, 0, start, start + rows), 1)
      if keep:
        every = self.cooled(every, temperature)
        score, every = self.score_and_shares(every, wanted)
        _0 = torch.copy_(tile, every)
      else:
        score = torch.gather(self.tempered(every, temperature), 1, wanted)
      _1 = torch.append(parts, torch.squeeze(score, 1))
    return torch.cat(parts)

  # In how many chunks so many positions go through the head, of no more than head_chunk each.
  def chunks(self: __torch__.Decoder, positions: int) -> int:
    return torch.floordiv(positions + self.head_chunk - 1, self.head_chunk)

  # How many of so many positions a chunk has: about equally many each.
  def chunk_rows(self: __torch__.Decoder, positions: int) -> int:
    chunks = self.chunks(positions)
    return torch.floordiv(positions + chunks - 1, ops.prim.max(chunks, 1))

  # Log-probabilities of the targets, [S], a chunk at a time; then the first chunks of all tokens' probabilities, as many as are kept.
  # A scalar head's scores, [S], have no targets and no temperature.
  def head(self: __torch__.Decoder, states: Tensor, targets: Tensor, temperature: Tensor, kept: int) -> List[Tensor]:
    parts = annotate(List[Tensor], [])
    chunks = annotate(List[Tensor], [])
    if self.scalar_head:
      return [torch.mv(states, torch.detach(torch.select(self.weights[2], 0, 0)))]
    rows = self.chunk_rows(torch.size(states, 0))
    for start in range(0, torch.size(states, 0), rows):
      logits = self.logits_of(torch.slice(states, 0, start, start + rows), annotate(List[Tensor], []))
      keep = torch.len(chunks) < kept
      _0 = torch.append(parts, self.log_shares(logits, torch.slice(targets, 0, start, start + rows), float(temperature), keep))
      if keep:
        _1 = torch.append(chunks, logits)
    return torch.add([torch.cat(parts)], chunks)

  # The part of states from range[0] to range[1] -> log softmax(logits / temperature), [n, V].
  def distribution(self: __torch__.Decoder, states: Tensor, range: Tensor, temperature: Tensor) -> Tensor:
    part = torch.slice(states, 0, int(range[0]), int(range[1]))
    return self.tempered(self.logits_of(part, annotate(List[Tensor], [])), float(temperature))

  # Log-probabilities [n] of that part of the targets under (1 - m) log p + m log r, normalised; own and other are [n, V].
  def mixed_score(self: __torch__.Decoder, own: Tensor, other: Tensor, targets: Tensor, range: Tensor, mixture: Tensor) -> Tensor:
    part = torch.slice(targets, 0, int(range[0]), int(range[1]))
    mixed = torch.log_softmax(torch.lerp(own, other, mixture), 1)
    return torch.squeeze(torch.gather(mixed, 1, torch.unsqueeze(part, 1)), 1)

  # How many chunks of the head are kept of so many positions.
  def kept_chunks(self: __torch__.Decoder, positions: int) -> int:
    if self.scalar_head:
      return 0
    return ops.prim.min(self.head_kept, self.chunks(positions))

  # Adds the gradient d' x of the head, d [n, V], x [n, hidden], to sum[0] if it is there, else puts it there; d and x are of compute_type, the
  # result is float32. In bfloat16 some rows of the result at a time, which are widened while they are near the processor.
  def add_to_head(self: __torch__.Decoder, sum: List[Tensor], d: Tensor, x: Tensor) -> List[Tensor]:
    fresh = torch.len(sum) == 0
    if fresh:
      sum = [self.room_for(self.head_place)]
    if self.compute_type == 6:
      if fresh:
        return [torch.mm(torch.t(d), x, out=sum[0])]
      return [torch.addmm_(sum[0], torch.t(d), x)]
    rows = ops.prim.min(self.rows_at_once(torch.size(x, 1), 1), torch.size(d, 1))
    narrow = torch.empty([rows, torch.size(x, 1)], dtype=self.compute_type, device=ops.prim.device(x))
    wide = torch.empty([rows, torch.size(x, 1)], device=ops.prim.device(x))
    for start in range(0, torch.size(d, 1), rows):
      part = torch.slice(sum[0], 0, start, start + rows)
      product = torch.slice(narrow, 0, 0, torch.size(part, 0))
      _0 = torch.mm(torch.t(torch.slice(d, 1, start, start + rows)), x, out=product)
      if fresh:
        _1 = torch.copy_(part, product)
      else:
        _2 = torch.add_(part, torch.copy_(torch.slice(wide, 0, 0, torch.size(part, 0)), product))
    return sum

  # The gradient of a scalar head: d/dstates = coefficient * w, d/dw = sum(coefficient * state).
  def backward_scalar_head(self: __torch__.Decoder, states: Tensor, coefficients: Tensor) -> Tensor:
    d = torch.unsqueeze(coefficients, 1)
    sum = torch.mm(torch.t(d), torch.detach(states))
    if torch.numel(self.gradients[self.head_place]) > 0:
      sum = torch.add(sum, self.gradients[self.head_place])
    self.gradients[self.head_place] = sum
    return torch.mm(d, torch.detach(self.weights[2]))

  # The gradient of sum(coefficients * log-probs) with respect to the states, and that of the head is added to the gradients; scores are
  # the log-probs, kept the chunks that head gave. d/dlogits = coefficient / temperature * (one-hot(target) - softmax(logits / temperature));
  # the first factor is one for each row, so it is left to the sides of the products that are not as wide as the vocabulary.
  def backward_head(self: __torch__.Decoder, states: Tensor, targets: Tensor, temperature: Tensor, coefficients: Tensor, scores: Tensor, kept: List[Tensor]) -> Tensor:
    if self.scalar_head:
      return self.backward_scalar_head(states, coefficients)
    w = torch.detach(self.weights[2])
    sum = annotate(List[Tensor], [])
    if self.head_place >= 0 and torch.numel(self.gradients[self.head_place]) > 0:
      sum = [self.gradients[self.head_place]]
    scale = torch.unsqueeze(torch.div(torch.neg(coefficients), temperature), 1)
    scaled = self.narrow(torch.mul(states, scale))
    less = self.narrow(torch.expm1(scores)) # p - 1
    parts = annotate(List[Tensor], [])
    chunk = 0
    rows = self.chunk_rows(torch.size(states, 0))
    for start in range(0, torch.size(states, 0), rows):
      end = start + rows
      wanted = torch.slice(targets, 0, start, end)
      if chunk < torch.len(kept):
        d = kept[chunk]
      else:
        d = self.logits_of(torch.slice(states, 0, start, end), annotate(List[Tensor], []))
        _0 = self.log_shares(d, wanted, float(temperature), True)
      chunk = chunk + 1
      at_targets = torch.slice(less, 0, start, end)
      if self.logit_cap > 0.:
        at_targets = self.bend_back(d, at_targets, torch.slice(states, 0, start, end), wanted, torch.slice(scores, 0, start, end), temperature)
      places = torch.add(torch.mul(torch.arange(torch.size(d, 0), device=ops.prim.device(d)), torch.size(d, 1)), wanted)
      d = torch.put_(d, places, at_targets)
      _1 = torch.append(parts, self.wide(self.product_back(d, w)))
      if self.head_place >= 0:
        sum = self.add_to_head(sum, d, torch.slice(scaled, 0, start, end))
    if self.head_place >= 0:
      self.gradients[self.head_place] = sum[0]
    return torch.mul_(torch.cat(parts), scale)
