
  # ---- the layer ----

  def norm(self: __torch__.Decoder, x: Tensor, slot: int) -> Tensor:
    if self.layer_norm:
      return torch.layer_norm(x, [torch.size(x, -1)], self.weights[slot], self.weights[self.norm_bias(slot)], self.epsilon)
    if torch.dim(x) == 2 and torch.size(x, 0) == 1 and self.tile_keys > 0: # on the CPU an operator on one row costs more than its arithmetic
      size = float(torch.linalg_vector_norm(x))
      return torch.mul_(torch.mul(x, self.factor(slot)), (size * size / torch.size(x, 1) + self.epsilon) ** -0.5)
    return torch.mul_(torch.mul(x, self.inverse_size(x)), self.factor(slot))

  # (mean x^2 + epsilon)^(-1/2) of every row of x, float32, [*, 1]. The engine's own norm squares x by a power, which takes longer than all of this.
  def inverse_size(self: __torch__.Decoder, x: Tensor) -> Tensor:
    size = torch.linalg_vector_norm(x, 2, [-1], True)
    return torch.rsqrt_(torch.add_(torch.mul_(torch.mul(size, size), 1. / torch.size(x, -1)), self.epsilon))

  # What a norm multiplies by: its weight, or 1 more.
  def factor(self: __torch__.Decoder, slot: int) -> Tensor:
    if self.unit_norms:
      return torch.add(self.weights[slot], 1.)
    return self.weights[slot]

  # The slot of a norm's bias.
  def norm_bias(self: __torch__.Decoder, slot: int) -> int:
    if slot == 1:
      return 3
    if torch.remainder(slot - 5, 22) == 0:
      return slot + 18
    return slot + 8

  def wide(self: __torch__.Decoder, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def narrow(self: __torch__.Decoder, x: Tensor) -> Tensor:
    return torch.to(x, self.compute_type)

  # x w' for a single row in float32, w joined at the slot. The matrix-vector product of the CPU's library reads matrices at half the rate
  # of memory; a batch of two products, one for each half of w, goes another way and is about as fast as memory where rows are not long.
  def row_product(self: __torch__.Decoder, x: Tensor, slot: int) -> Tensor:
    halves = self.halves[slot]
    if torch.numel(halves) == 0:
      return self.product(x, self.joined[slot], None)
    k = torch.size(halves, 2)
    return torch.view(torch.bmm(halves, torch.as_strided(torch.contiguous(x), [2, k, 1], [0, 1, k])), [1, -1])

  def is_row(self: __torch__.Decoder, x: Tensor) -> bool:
    return torch.dim(x) == 2 and torch.size(x, 0) == 1 and self.compute_type == 6

  # x w' + bias for the w and the bias joined at the slot. packed are the joined weights once more in the order in which they are read, or
  # too short a list.
  def joint(self: __torch__.Decoder, x: Tensor, slot: int, packed: List[Tensor]) -> Tensor:
    bias : Optional[Tensor] = None
    if torch.numel(self.joined[slot + 1]) > 0:
      bias = self.joined[slot + 1]
    if self.is_row(x):
      y = self.row_product(x, slot)
      if bias is not None:
        y = torch.add_(y, unchecked_cast(Tensor, bias))
      return y
    if torch.len(packed) > slot:
      return self.product_with(x, self.joined[slot], packed[slot], bias)
    return self.product(x, self.joined[slot], bias)

  def adapted(self: __torch__.Decoder, slot: int) -> bool:
    if torch.len(self.lora_a) > 0:
      return torch.gt(torch.numel(self.lora_a[slot]), 0)
    return False

  # Adds to y what the slot's adapter makes of x; both are float32.
  def adapt_(self: __torch__.Decoder, y: Tensor, x: Tensor, slot: int) -> Tensor:
    low = torch.flatten(torch.linear(self.dropout(x, slot), self.lora_a[slot]), 0, -2)
    rows = torch.view(y, [-1, torch.size(y, -1)])
    _0 = torch.addmm_(rows, low, torch.t(self.lora_b[slot]), alpha=self.lora_scale)
    return y

  # The projections of x at slot, slot + 2, …, which are as wide as sizes say, side by side: float32 if one of them has an adapter, else
  # of compute_type. That they lie alike with and without adapters keeps one of zeros from changing a rounding.
  def projections(self: __torch__.Decoder, x: Tensor, slot: int, sizes: List[int], packed: List[Tensor]) -> Tensor:
    whole = self.joint(x, slot, packed)
    if torch.len(self.lora_a) > 0:
      whole = self.adapted_projections(whole, x, slot, self.layer_widths(sizes))
    return whole

  # The same for what the layers without adapters give.
  def adapted_projections(self: __torch__.Decoder, whole: Tensor, x: Tensor, slot: int, sizes: List[int]) -> Tensor:
    adapted = False
    for i in range(torch.len(sizes)):
      adapted = adapted or self.adapted(slot + 2 * i)
    if adapted:
      whole = self.wide(whole)
      x = self.wide(x)
      parts = torch.split_with_sizes(whole, sizes, -1)
      for i in range(torch.len(sizes)):
        if self.adapted(slot + 2 * i):
          _0 = self.adapt_(parts[i], x, slot + 2 * i)
    return whole

  # How wide the linear layers at slot, slot + 2, … are whose results have these sizes: fused, it is one.
  def layer_widths(self: __torch__.Decoder, sizes: List[int]) -> List[int]:
    if not self.fused:
      return sizes
    whole = 0
    for size in sizes:
      whole = whole + size
    return [whole]

  # The same for a slot that is not joined with others.
  def linear(self: __torch__.Decoder, x: Tensor, slot: int, packed: List[Tensor]) -> Tensor:
    return self.projections(x, slot, [torch.size(self.joined[slot], 0)], packed)

  # The gradient of projections with respect to their input x from that of their outputs side by side, g, float32 if one of them has an
  # adapter, else of compute_type; those of weights and adapters are added to the gradients. Without carry the result is empty.
  def projections_backward(self: __torch__.Decoder, g: Tensor, x: Tensor, slot: int, sizes: List[int], carry: bool) -> Tensor:
    n = self.narrow(g)
    sizes = self.layer_widths(sizes)
    if self.places[slot] >= 0 and torch.len(self.lora_a) == 0:
      if self.turned_weights:
        _0 = self.add_gradient(self.places[slot], self.product_of_columns(x, n))
      else:
        _0 = self.add_gradients(slot, sizes, self.product_of_columns(n, x))
    if self.places[slot + 1] >= 0:
      _1 = self.add_gradients(slot + 1, sizes, torch.sum(n, [0], False, dtype=6))
    if carry:
      back = self.product_back(n, torch.detach(self.joined[slot]))
    else:
      back = torch.empty([0], device=ops.prim.device(g))
    parts = torch.split_with_sizes(g, sizes, -1)
    for i in range(torch.len(sizes)):
      if self.adapted(slot + 2 * i):
        x = self.wide(x)
        back = self.adapt_backward(self.wide(back), self.wide(parts[i]), x, slot + 2 * i, carry)
    return back

  # The gradients of matrices or biases one below the other are added to those at slot, slot + 2, ….
  def add_gradients(self: __torch__.Decoder, slot: int, sizes: List[int], g: Tensor) -> Tensor:
    parts = torch.split_with_sizes(g, sizes)
    for i in range(torch.len(sizes)):
      _0 = self.add_gradient(self.places[slot + 2 * i], parts[i])
    return g

  # The gradient of adapt_ with respect to x is added to back; those of A and B are added to the gradients. All are float32.
  def adapt_backward(self: __torch__.Decoder, back: Tensor, g: Tensor, x: Tensor, slot: int, carry: bool) -> Tensor:
    place = self.places[slot]
    kept = self.dropout(x, slot)
    low = torch.mul_(torch.mm(g, self.lora_b[slot]), self.lora_scale)
    up = torch.mul_(torch.linear(kept, self.lora_a[slot]), self.lora_scale)
    _0 = self.add_gradient(place + 1, torch.mm(torch.t(g), up))
    _1 = self.add_gradient(place, torch.mm(torch.t(low), kept))
    if not carry:
      return back
    if self.drops():
      return torch.add_(back, self.dropout(torch.mm(low, self.lora_a[slot]), slot))
    return torch.addmm_(back, low, self.lora_a[slot])

  # The same for a single linear layer.
  def linear_backward(self: __torch__.Decoder, g: Tensor, x: Tensor, slot: int) -> Tensor:
    return self.projections_backward(g, x, slot, [torch.size(g, 1)], True)

  # The same for norm of x [*, features], float32.
  def norm_backward(self: __torch__.Decoder, g: Tensor, x: Tensor, slot: int, carry: bool) -> Tensor:
    if self.layer_norm:
      return self.layer_norm_backward(g, x, slot, carry)
    features = torch.size(x, -1)
    rows = torch.contiguous(torch.flatten(x, 0, -2))
    of_rows = torch.contiguous(torch.flatten(g, 0, -2))
    r = self.inverse_size(rows)
    w = torch.detach(self.factor(slot))
    if self.places[slot] >= 0: # the engine's for a norm that subtracts a mean, here 0
      _0, of_w, _1 = torch.native_layer_norm_backward(of_rows, rows, [features], torch.zeros_like(r), r, w, None, annotate(List[bool], [False, True, False]))
      _2 = self.add_gradient(self.places[slot], of_w)
    if not carry:
      return torch.empty([0], device=ops.prim.device(g))
    of_normed = torch.mul(of_rows, w) # d/dx of w x r is r (w g - x r^2 mean(w g x))
    shared = torch.mul_(torch.mul_(torch.sum(torch.mul(of_normed, rows), [-1], True), 1. / features), torch.mul(r, r))
    back = torch.mul_(torch.addcmul_(of_normed, rows, shared, value=-1.), r)
    return torch.view(back, torch.size(x))

  def layer_norm_backward(self: __torch__.Decoder, g: Tensor, x: Tensor, slot: int, carry: bool) -> Tensor:
    features = torch.size(x, -1)
    r = torch.rsqrt(torch.add(torch.var(x, [-1], False, True), self.epsilon))
    trained = self.places[slot] >= 0
    w = torch.detach(self.weights[slot])
    b = torch.detach(self.weights[self.norm_bias(slot)])
    back, of_w, of_b = torch.native_layer_norm_backward(g, x, [features], torch.mean(x, [-1], True), r, w, b, annotate(List[bool], [carry, trained, trained]))
    if trained:
      _0 = self.add_gradient(self.places[slot], of_w)
      _1 = self.add_gradient(self.places[self.norm_bias(slot)], of_b)
    if not carry:
      return torch.empty([0], device=ops.prim.device(g))
    return back

  def add_gradient(self: __torch__.Decoder, place: int, g: Tensor) -> Tensor:
    if torch.numel(self.gradients[place]) > 0:
      _0 = torch.add_(self.gradients[place], g)
    elif torch.len(self.spare) > 0:
      self.gradients[place] = torch.copy_(self.spare[place], g)
    else:
      self.gradients[place] = torch.contiguous(self.wide(g))
    return g

  # Room for the gradient of a trained tensor, its numbers to be overwritten.
  def room_for(self: __torch__.Decoder, place: int) -> Tensor:
    if torch.len(self.spare) > 0:
      return self.spare[place]
    return torch.empty_like(torch.detach(self.trainable[place]))

  # The same, of zeros.
  def blank(self: __torch__.Decoder, place: int) -> Tensor:
    return torch.zero_(self.room_for(place))

  # Keys of the tokens that the next forward passes see, [tokens] in their order; without keys nothing is dropped. A pass adds those of the
  # tokens that it takes through all of the last layer.
  def set_dropout(self: __torch__.Decoder, keys: Tensor) -> Tensor:
    self.token_keys = [keys]
    return keys

  def clear_dropout(self: __torch__.Decoder, any: Tensor) -> Tensor:
    self.token_keys = annotate(List[Tensor], [])
    return any

  def drops(self: __torch__.Decoder) -> bool:
    return self.lora_dropout > 0. and torch.len(self.token_keys) > 0

  # Drops elements of x [*, features] with probability lora_dropout and scales up the others (Srivastava et al. 2014).
  # Whether one is dropped is a hash of its token's key, the slot and the feature, so it depends on nothing else in the batch.
  def dropout(self: __torch__.Decoder, x: Tensor, slot: int) -> Tensor:
    if not self.drops():
      return x
    features = torch.size(x, -1)
    index = torch.arange(slot << 32, (slot << 32) + features, device=ops.prim.device(x))
    odd = torch.bitwise_or(self.mixed(torch.mul(index, -7046029254386353131)), 1)
    keys = self.token_keys[0]
    if slot > 5 + 22 * (self.layers - 1) + 6: # behind the last layer's attention
      keys = self.token_keys[1]
    bits = self.mixed(self.mixed(torch.mul(torch.unsqueeze(keys, 1), torch.unsqueeze(odd, 0))))
    kept = torch.ge(bits, int((self.lora_dropout - 0.5) * 18446744073709551616.))
    return torch.mul(x, torch.view(torch.mul(kept, 1. / (1. - self.lora_dropout)), torch.size(x)))

  # A round of mixing of 64-bit words: the high half into the low one, and every bit into those above it.
  def mixed(self: __torch__.Decoder, words: Tensor) -> Tensor:
    folded = torch.bitwise_xor_(torch.bitwise_right_shift(words, 32), words)
    return torch.mul_(folded, -7723592293110705685)

  # The widths of queries, keys and values.
  def widths(self: __torch__.Decoder) -> List[int]:
    narrow = self.kv_heads * self.head_dim
    return [self.heads * self.head_dim, narrow, narrow]

  # Queries, keys and values side by side, [*, (H + 2 G) * D], as projections gives them.
  def project(self: __torch__.Decoder, x: Tensor, base: int, packed: List[Tensor]) -> Tensor:
    return self.projections(x, base + 1, self.widths(), packed)

  # The same apart, [*, H, D], [*, G, D], [*, G, D].
  def apart(self: __torch__.Decoder, whole: Tensor) -> List[Tensor]:
    heads = torch.unflatten(whole, -1, [self.heads + 2 * self.kv_heads, self.head_dim])
    return torch.split_with_sizes(heads, [self.heads, self.kv_heads, self.kv_heads], -2)

  # q [B, T, H, D], scaled, on k, v [B, T, G, D] -> [B, T, H * D]; without a mask, causal.
  def attend(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    q = torch.transpose(q, 1, 2)
    k = torch.transpose(k, 1, 2)
    v = torch.transpose(v, 1, 2)
    if self.score_cap > 0.:
      mixed = self.attend_capped(q, k, v, self.given(mask))
    else:
      mixed = self.attend_fused(q, k, v, mask)
    return torch.flatten(torch.transpose(mixed, 1, 2), 2)

  # The widths of gate and up, or of the only way in.
  def gate_widths(self: __torch__.Decoder, base: int) -> List[int]:
    inner = torch.size(self.weights[base + 16], 1)
    if self.gated:
      return [inner, inner]
    return [inner]

  def activated(self: __torch__.Decoder, x: Tensor) -> Tensor:
    if self.gelu:
      return torch.gelu(x, approximate="tanh")
    return torch.silu(x)

  # Puts the gradient with respect to x into target, which may be x.
  def activated_backward(self: __torch__.Decoder, g: Tensor, x: Tensor, target: Tensor) -> Tensor:
    if self.gelu:
      return torch.gelu_backward(g, x, approximate="tanh", grad_input=target)
    return torch.silu_backward(g, x, grad_input=target)

  # The norm of x, and its projections to gate and up side by side, in compute_type; without a gate, the one that there is.
  def gates(self: __torch__.Decoder, x: Tensor, base: int, packed: List[Tensor]) -> Tuple[Tensor, Tensor]:
    n = self.narrow(self.norm(x, base + 11))
    return (n, self.narrow(self.projections(n, base + 12, self.gate_widths(base), packed)))

  # What comes through the gate, and what the gate alone lets through; without a gate, the same.
  def opened(self: __torch__.Decoder, both: Tensor, base: int) -> Tuple[Tensor, Tensor]:
    parts = torch.split_with_sizes(both, self.gate_widths(base), -1)
    opened = self.activated(parts[0])
    if self.gated:
      return (torch.mul(opened, parts[1]), opened)
    return (opened, opened)

  # The gradients of gate and up side by side in the place of these, both, from g, that of what comes through the gate; opened is what the
  # gate alone lets through, room something of its shape to write to.
  def gates_backward(self: __torch__.Decoder, g: Tensor, opened: Tensor, both: Tensor, room: Tensor, base: int) -> Tensor:
    parts = torch.split_with_sizes(both, self.gate_widths(base), -1)
    gate = parts[0]
    if not self.gated:
      return self.activated_backward(g, gate, gate)
    _0 = self.activated_backward(torch.mul(g, parts[1], out=room), gate, gate)
    _1 = torch.mul(opened, g, out=parts[1])
    return both

  # What the feed-forward layer puts out for gate and up side by side.
  def descended(self: __torch__.Decoder, both: Tensor, base: int, packed: List[Tensor]) -> Tensor:
    parts = torch.split_with_sizes(both, self.gate_widths(base), -1)
    opened = self.activated(parts[0])
    if self.gated:
      opened = torch.mul_(opened, parts[1])
    return self.wide(self.linear(opened, base + 16, packed))

  # x plus what the attention or the feed-forward layer puts out, y, which goes through the norm at slot if there is one; without, in its place.
  def residual(self: __torch__.Decoder, x: Tensor, y: Tensor, slot: int) -> Tensor:
    if self.output_norms:
      y = self.norm(y, slot)
    return torch.add_(y, x)

  def feed_forward(self: __torch__.Decoder, x: Tensor, base: int, packed: List[Tensor]) -> Tensor:
    _, both = self.gates(x, base, packed)
    return self.residual(x, self.descended(both, base, packed), base + 21)

  # x plus the attention's output for mixed [B, T, H * D].
  def attended(self: __torch__.Decoder, x: Tensor, mixed: Tensor, base: int, packed: List[Tensor]) -> Tensor:
    return self.residual(x, self.wide(self.linear(mixed, base + 7, packed)), base + 20)

  # ids and their positions, of like shape or the positions one for each column.
  def embed(self: __torch__.Decoder, ids: Tensor, positions: Tensor) -> Tensor:
    x = self.wide(torch.embedding(self.weights[0], ids))
    if self.embedding_scale != 1.:
      x = torch.mul_(x, self.embedding_scale)
    if self.learned_positions:
      x = torch.add_(x, torch.embedding(self.weights[4], self.learned(positions)))
    return x

  # Rows of the table of learned positions; only padding has positions beyond it.
  def learned(self: __torch__.Decoder, positions: Tensor) -> Tensor:
    return torch.clamp_max(torch.to(positions, 4), torch.size(self.weights[4], 0) - 1)

  # The gradient with respect to the embeddings is added to the gradients.
  def embed_backward(self: __torch__.Decoder, g: Tensor, ids: Tensor, positions: Tensor) -> Tensor:
    if torch.numel(self.gradients[0]) == 0:
      self.gradients[0] = self.blank(0)
    _0 = torch.index_add_(self.gradients[0], 0, ids, g, alpha=self.embedding_scale)
    if self.learned_positions:
      table = torch.index_add_(torch.zeros_like(self.trainable[self.places[4]]), 0, self.learned(positions), g)
      _1 = self.add_gradient(self.places[4], table)
    return g

  # Cosine and sine times what the scaling of the positions asks for.
  def lengthened(self: __torch__.Decoder, cosine: Tensor, sine: Tensor) -> Tuple[Tensor, Tensor]:
    if self.rope_scale != 1.:
      cosine = torch.mul(cosine, self.rope_scale)
      sine = torch.mul(sine, self.rope_scale)
    return (cosine, sine)

  # The sliding windows of the layers in turn, 0 for none: one for all, or every other layer without.
  def windows(self: __torch__.Decoder) -> List[int]:
    if self.alternating:
      return [self.window, 0]
    return [self.window]

  # The window of the layer whose weights begin at base.
  def window_of(self: __torch__.Decoder, base: int) -> int:
    windows = self.windows()
    return windows[torch.remainder(torch.floordiv(base - 5, 22), torch.len(windows))]

  # Which of the keys each query sees: those up to it, in the window if there is one. [queries, keys]
  def visible(self: __torch__.Decoder, queries: Tensor, keys: Tensor, window: int) -> Tensor:
    distance = torch.sub(torch.unsqueeze(queries, 1), torch.unsqueeze(keys, 0))
    seen = torch.ge(distance, 0)
    if window > 0:
      seen = torch.logical_and(seen, torch.lt(distance, window))
    return seen

  # Of the last layer, only the tokens whose states are wanted go through what follows the attention: it mixes no positions.
  def is_last(self: __torch__.Decoder, number: int) -> bool:
    return number == self.layers - 1

  # One of a list of what differs between the windows of the layers.
  def of_layer(self: __torch__.Decoder, masks: List[Optional[Tensor]], number: int) -> Optional[Tensor]:
    return masks[torch.remainder(number, torch.len(masks))]

  # 0 where something is seen and minus infinity elsewhere, in compute_type.
  def added_narrow(self: __torch__.Decoder, visible: Tensor) -> Tensor:
    return self.narrow(torch.log_(torch.to(visible, 6)))

  # For each window None when plain causal attention will do; else its causal band, [T, T].
  def bands(self: __torch__.Decoder, positions: Tensor) -> List[Optional[Tensor]]:
    bands = annotate(List[Optional[Tensor]], [])
    for window in self.windows():
      mask : Optional[Tensor] = None
      if self.score_cap > 0. or (window > 0 and torch.size(positions, 0) > window):
        mask = self.added_narrow(self.visible(positions, positions, window))
      _0 = torch.append(bands, mask)
    return bands
