# A decoder-only transformer in TorchScript's serialised form. The Java class DecoderArchive puts this source into an archive,
# with the settings below as attributes of the one instance; the engine compiles it once per model.
#
# Shapes: B rows, T positions, H query heads, G key/value heads, D head size, V vocabulary, N scored positions, C cache slots.
# Rows are padded on the right, so causal attention alone keeps padding away from real tokens.
#
# weights: 0 embedding [V, hidden], 1 final norm, 2 head [V, hidden] (the embedding again when tied), then for each layer
#   +0 input norm, +1 q, +2 q bias, +3 k, +4 k bias, +5 v, +6 v bias, +7 o, +8 o bias, +9 q norm, +10 k norm,
#   +11 post-attention norm, +12 gate, +13 gate bias, +14 up, +15 up bias, +16 down, +17 down bias;
# an absent one is an empty tensor.
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  kv_heads : int
  head_dim : int
  window : int
  head_chunk : int
  head_place : int
  epsilon : float
  query_key_norm : bool
  weights : List[Tensor]
  trainable : List[Tensor]
  frequencies : List[Tensor]
  gradients : List[Tensor]

  # places: the indices in weights of the tensors that are trained, each tensor once.
  def bind(self: __torch__.Decoder, places: Tensor, weights: List[Tensor], frequencies: Tensor) -> Tensor:
    chosen = annotate(List[Tensor], [])
    for i in range(torch.size(places, 0)):
      chosen = torch.add(chosen, [torch.requires_grad_(weights[int(places[i])], True)])
    self.weights = weights
    self.trainable = chosen
    self.frequencies = [frequencies]
    return frequencies

  def release(self: __torch__.Decoder, any: Tensor) -> Tensor:
    self.weights = annotate(List[Tensor], [])
    self.trainable = annotate(List[Tensor], [])
    self.frequencies = annotate(List[Tensor], [])
    self.gradients = annotate(List[Tensor], [])
    return any

  # ---- the layer ----

  def norm(self: __torch__.Decoder, x: Tensor, slot: int) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, -1)], self.weights[slot], self.epsilon)

  def linear(self: __torch__.Decoder, x: Tensor, slot: int) -> Tensor:
    bias : Optional[Tensor] = None
    if torch.numel(self.weights[slot + 1]) > 0:
      bias = self.weights[slot + 1]
    return self.product(x, self.weights[slot], bias)

  # x w' + bias. A single row goes through the matrix product as two equal columns: the matrix-vector product of the CPU's library
  # reaches about half the memory bandwidth.
  def product(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    if torch.numel(x) != torch.size(w, 1):
      return torch.linear(x, w, bias)
    row = torch.view(x, [1, -1])
    y = torch.view(torch.contiguous(torch.select(torch.mm(w, torch.t(torch.cat([row, row]))), 1, 0)), torch.add(torch.slice(torch.size(x), None, -1, 1), [-1]))
    if bias is not None:
      y = torch.add(y, bias)
    return y

  # Rotary position: x [B, T, heads, D], pairs are (i, i + D/2); cosine and sine [*, T, 1, D].
  def rotate(self: __torch__.Decoder, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    low, high = torch.chunk(x, 2, -1)
    turned = torch.cat([torch.neg(high), low], -1)
    return torch.addcmul(torch.mul(x, cosine), turned, sine)

  def project(self: __torch__.Decoder, x: Tensor, slot: int, heads: int) -> Tensor:
    return torch.view(self.linear(x, slot), [torch.size(x, 0), torch.size(x, 1), heads, self.head_dim])

  # Queries, keys and values of normed x [B, T, hidden]: [B, T, H, D], [B, T, G, D], [B, T, G, D].
  def queries_keys_values(self: __torch__.Decoder, x: Tensor, base: int, cosine: Tensor, sine: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    q = self.project(x, base + 1, self.heads)
    k = self.project(x, base + 3, self.kv_heads)
    v = self.project(x, base + 5, self.kv_heads)
    if self.query_key_norm:
      q = self.norm(q, base + 9)
      k = self.norm(k, base + 10)
    return (self.rotate(q, cosine, sine), self.rotate(k, cosine, sine), v)

  # Key/value heads [B, T, G, D] repeated for the query heads that share them, [B, H, T, D].
  def spread(self: __torch__.Decoder, x: Tensor) -> Tensor:
    shared = torch.floordiv(self.heads, self.kv_heads)
    if shared > 1:
      wide = torch.expand(torch.unsqueeze(x, 3), [-1, -1, -1, shared, -1])
      x = torch.flatten(wide, 2, 3)
    return torch.transpose(x, 1, 2)

  # q [B, T, H, D] on k, v [B, T, G, D] -> [B, T, H * D]; without a mask, causal.
  def attend(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    mixed = torch.scaled_dot_product_attention(torch.transpose(q, 1, 2), self.spread(k), self.spread(v), mask, 0., mask is None)
    return torch.flatten(torch.transpose(mixed, 1, 2), 2)

  def feed_forward(self: __torch__.Decoder, x: Tensor, base: int) -> Tensor:
    n = self.norm(x, base + 11)
    return torch.add(x, self.linear(torch.mul(torch.silu(self.linear(n, base + 12)), self.linear(n, base + 14)), base + 16))

  def angles(self: __torch__.Decoder, positions: Tensor) -> Tuple[Tensor, Tensor]:
    half = torch.mul(torch.unsqueeze(positions, -1), self.frequencies[0])
    angle = torch.unsqueeze(torch.cat([half, half], -1), -2)
    return (torch.cos(angle), torch.sin(angle))

  # None when plain causal attention will do; else the causal band of the sliding window, [T, T].
  def band(self: __torch__.Decoder, positions: Tensor) -> Optional[Tensor]:
    mask : Optional[Tensor] = None
    if self.window > 0 and torch.size(positions, 0) > self.window:
      distance = torch.sub(torch.unsqueeze(positions, 1), torch.unsqueeze(positions, 0))
      mask = torch.logical_and(torch.ge(distance, 0), torch.lt(distance, self.window))
    return mask

  # ---- scoring and training ----

  # ids [B, T], index [N] into the B * T positions -> the states that predict the next tokens, [N, hidden].
  def states(self: __torch__.Decoder, ids: Tensor, index: Tensor) -> Tensor:
    positions = torch.arange(torch.size(ids, 1), dtype=6, device=ops.prim.device(ids))
    cosine, sine = self.angles(positions)
    mask = self.band(positions)
    x = torch.embedding(self.weights[0], ids)
    for layer in range(self.layers):
      base = 3 + 18 * layer
      q, k, v = self.queries_keys_values(self.norm(x, base), base, cosine, sine)
      x = self.feed_forward(torch.add(x, self.linear(self.attend(q, k, v, mask), base + 7)), base)
    return self.norm(torch.index_select(torch.flatten(x, 0, 1), 0, index), 1)

  def logits(self: __torch__.Decoder, ids: Tensor, index: Tensor) -> Tensor:
    return torch.linear(self.states(ids, index), self.weights[2])

  # states [N, hidden], targets [N] -> log softmax(logits / temperature) at the targets, [N]; head_chunk positions at a time.
  def head(self: __torch__.Decoder, states: Tensor, targets: Tensor, temperature: Tensor) -> Tensor:
    parts = annotate(List[Tensor], [])
    for start in range(0, torch.size(states, 0), self.head_chunk):
      end = start + self.head_chunk
      scaled = torch.div(torch.linear(torch.slice(states, 0, start, end), self.weights[2]), temperature)
      chosen = torch.squeeze(torch.gather(scaled, 1, torch.unsqueeze(torch.slice(targets, 0, start, end), 1)), 1)
      parts = torch.add(parts, [torch.sub(chosen, torch.logsumexp(scaled, [1]))])
    return torch.cat(parts)

  def score(self: __torch__.Decoder, ids: Tensor, index: Tensor, targets: Tensor, temperature: Tensor) -> Tensor:
    return self.head(self.states(ids, index), targets, temperature)

  # The same with a graph up to the states; the head has none and is differentiated by hand in backward.
  def forward_graph(self: __torch__.Decoder, ids: Tensor, index: Tensor, targets: Tensor, temperature: Tensor) -> List[Tensor]:
    states = self.states(ids, index)
    return [states, torch.detach(self.head(torch.detach(states), targets, temperature))]

  # Adds the gradient of sum(coefficients * log-probs) to the gradients.
  # d/dlogits = coefficient / temperature * (one-hot(target) - softmax(logits / temperature)).
  def backward_graph(self: __torch__.Decoder, states: Tensor, targets: Tensor, temperature: Tensor, coefficients: Tensor) -> Tensor:
    fixed = torch.detach(states)
    w = torch.detach(self.weights[2])
    head = torch.zeros_like(w)
    parts = annotate(List[Tensor], [])
    for start in range(0, torch.size(states, 0), self.head_chunk):
      end = start + self.head_chunk
      h = torch.slice(fixed, 0, start, end)
      scale = torch.unsqueeze(torch.div(torch.slice(coefficients, 0, start, end), temperature), 1)
      wanted = torch.unsqueeze(torch.slice(targets, 0, start, end), 1)
      p = torch.softmax(torch.div(torch.linear(h, w), temperature), 1)
      d = torch.scatter_add(torch.mul(p, torch.neg(scale)), 1, wanted, scale)
      parts = torch.add(parts, [torch.mm(d, w)])
      head = torch.addmm(head, torch.t(d), h)
    fresh = annotate(List[Tensor], [])
    found = torch.grad([states], self.trainable, annotate(List[Optional[Tensor]], [torch.cat(parts)]), None, False, True)
    for i in range(torch.len(found)):
      g = found[i]
      if g is None:
        g = torch.zeros_like(self.trainable[i])
      if i == self.head_place:
        g = torch.add(g, head)
      fresh = torch.add(fresh, [torch.contiguous(torch.detach(unchecked_cast(Tensor, g)))])
    if torch.len(self.gradients) == 0:
      self.gradients = fresh
    else:
      torch._foreach_add_(self.gradients, fresh)
    return coefficients

  # ---- the optimizer ----

  def drop_gradients(self: __torch__.Decoder, any: Tensor) -> Tensor:
    self.gradients = annotate(List[Tensor], [])
    return any

  def zero_gradients(self: __torch__.Decoder, any: Tensor) -> Tensor:
    zeros = annotate(List[Tensor], [])
    for w in self.trainable:
      zeros = torch.add(zeros, [torch.zeros_like(torch.detach(w))])
    self.gradients = zeros
    return any

  # The L2 norm of each parameter's gradient, [parameters].
  def gradient_norms(self: __torch__.Decoder, any: Tensor) -> Tensor:
    return torch.stack(torch._foreach_norm(self.gradients, 2))

  def gradient_list(self: __torch__.Decoder, any: Tensor) -> List[Tensor]:
    return self.gradients

  # settings (float64): learning rate, beta1, beta2, weight decay, epsilon, gradient scale; step from 1. Consumes the gradients.
  def adamw(self: __torch__.Decoder, settings: Tensor, step: Tensor, first: List[Tensor], second: List[Tensor]) -> Tensor:
    scale = float(settings[5])
    if scale != 1.:
      torch._foreach_mul_(self.gradients, scale)
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(first)):
      steps = torch.add(steps, [step])
    torch._fused_adamw_(self.trainable, self.gradients, first, second, annotate(List[Tensor], []), steps, lr=float(settings[0]), beta1=float(settings[1]), beta2=float(settings[2]), weight_decay=float(settings[3]), eps=float(settings[4]), amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    self.gradients = annotate(List[Tensor], [])
    return step

  # Weights and moments come as lists, because their arrays have the names of lists in Java.
  # Writes values over the elements of target[0] from first on.
  def fill(self: __torch__.Decoder, values: Tensor, target: List[Tensor], first: Tensor) -> Tensor:
    place = torch.narrow(torch.view(torch.detach(target[0]), [-1]), 0, int(first), torch.size(values, 0))
    return torch.copy_(place, values)

  # Takes over the values of tensors like the trained ones.
  def adopt(self: __torch__.Decoder, any: Tensor, sources: List[Tensor]) -> Tensor:
    for i in range(torch.len(sources)):
      _0 = torch.copy_(torch.detach(self.trainable[i]), torch.detach(sources[i]))
    return any

  # The elements of source[0] in range: first, count.
  def extract(self: __torch__.Decoder, range: Tensor, source: List[Tensor]) -> Tensor:
    return torch.clone(torch.narrow(torch.view(torch.detach(source[0]), [-1]), 0, int(range[0]), int(range[1])))

  # ---- generation ----

  # The cache: keys and values of every layer in turn, [2 * layers, B, C, G, D]; C slots per row, slot = position.

  # ids [B, T], last [B] of each row's last real token in the B * T positions -> its state [B, hidden], keys and values of the layers.
  def read(self: __torch__.Decoder, ids: Tensor, last: Tensor) -> List[Tensor]:
    positions = torch.arange(torch.size(ids, 1), dtype=6, device=ops.prim.device(ids))
    cosine, sine = self.angles(positions)
    mask = self.band(positions)
    x = torch.embedding(self.weights[0], ids)
    seen = annotate(List[Tensor], [])
    for layer in range(self.layers):
      base = 3 + 18 * layer
      q, k, v = self.queries_keys_values(self.norm(x, base), base, cosine, sine)
      seen = torch.add(seen, [k, v])
      x = self.feed_forward(torch.add(x, self.linear(self.attend(q, k, v, mask), base + 7)), base)
    return torch.add([self.norm(torch.index_select(torch.flatten(x, 0, 1), 0, last), 1)], seen)

  # The logits of the rows' next tokens, [B, V], and a cache of T slots.
  def prefill(self: __torch__.Decoder, ids: Tensor, last: Tensor) -> List[Tensor]:
    results = self.read(ids, last)
    return [self.product(results[0], self.weights[2], None), torch.stack(torch.slice(results, 1, None, 1))]

  # The last token's last hidden state, [B, hidden].
  def embeddings(self: __torch__.Decoder, ids: Tensor, last: Tensor) -> Tensor:
    return self.read(ids, last)[0]

  # Cosine and sine of one position per row, [B, 1, D]; the first half of the sine is negated.
  def turns(self: __torch__.Decoder, positions: Tensor) -> Tuple[Tensor, Tensor]:
    angle = torch.mul(torch.unsqueeze(torch.to(positions, 6), 1), self.frequencies[0])
    cosine = torch.cos(angle)
    sine = torch.sin(angle)
    return (torch.unsqueeze(torch.cat([cosine, cosine], 1), 1), torch.unsqueeze(torch.cat([torch.neg(sine), sine], 1), 1))

  # What each row's query sees of the first slots, 0 or minus infinity, [B, 1, 1, used]; None when all of them.
  def seen(self: __torch__.Decoder, positions: Tensor, used: int) -> Optional[Tensor]:
    mask : Optional[Tensor] = None
    if self.window > 0 or int(torch.min(positions)) + 1 < used:
      distance = torch.sub(torch.unsqueeze(positions, 1), torch.unsqueeze(torch.arange(used, device=ops.prim.device(positions)), 0))
      visible = torch.ge(distance, 0)
      if self.window > 0:
        visible = torch.logical_and(visible, torch.lt(distance, self.window))
      mask = torch.unsqueeze(torch.unsqueeze(torch.log(torch.to(visible, 6)), 1), 1)
    return mask

  # Queries and keys of x [B, hidden] under one roof, turned, [B, H + G, D].
  def queries_and_keys(self: __torch__.Decoder, x: Tensor, base: int, cosine: Tensor, sine: Tensor) -> Tensor:
    q = self.linear(x, base + 1)
    k = self.linear(x, base + 3)
    if self.query_key_norm:
      q = torch.flatten(self.norm(torch.view(q, [-1, self.heads, self.head_dim]), base + 9), 1)
      k = torch.flatten(self.norm(torch.view(k, [-1, self.kv_heads, self.head_dim]), base + 10), 1)
    both = torch.view(torch.cat([q, k], 1), [-1, self.heads + self.kv_heads, self.head_dim])
    return torch.addcmul(torch.mul(both, cosine), torch.roll(both, [torch.floordiv(self.head_dim, 2)], [-1]), sine)

  # One more token for every row: ids [B] at positions [B] -> logits [B, V]; writes the cache.
  # The queries that share a key/value head are taken as positions.
  def decode(self: __torch__.Decoder, ids: Tensor, positions: Tensor, cache: Tensor) -> Tensor:
    rows = torch.size(ids, 0)
    slots = torch.size(cache, 2)
    used = int(torch.max(positions)) + 1
    cosine, sine = self.turns(positions)
    mask = self.seen(positions, used)
    places = torch.add(torch.mul(torch.arange(rows, device=ops.prim.device(ids)), slots), positions)
    written = torch.unbind(torch.view(cache, [2 * self.layers, rows * slots, -1]))
    read = torch.unbind(torch.transpose(torch.narrow(cache, 2, 0, used), 2, 3))
    x = torch.embedding(self.weights[0], ids)
    for layer in range(self.layers):
      base = 3 + 18 * layer
      normed = self.norm(x, base)
      both = self.queries_and_keys(normed, base, cosine, sine)
      _0 = torch.index_copy_(written[2 * layer], 0, places, torch.flatten(torch.narrow(both, 1, self.heads, self.kv_heads), 1))
      _1 = torch.index_copy_(written[2 * layer + 1], 0, places, self.linear(normed, base + 5))
      q = torch.view(torch.narrow(both, 1, 0, self.heads), [rows, self.kv_heads, -1, self.head_dim])
      mixed = torch.scaled_dot_product_attention(q, read[2 * layer], read[2 * layer + 1], mask, 0., False)
      x = self.feed_forward(torch.add(x, self.linear(torch.reshape(mixed, [rows, -1]), base + 7)), base)
    return self.product(self.norm(x, 1), self.weights[2], None)

  # A cache of other size, as shape (rows, slots); its first rows are the given ones, as far as they fit, the rest is zero.
  def resize(self: __torch__.Decoder, kept: Tensor, shape: Tensor, cache: Tensor) -> Tensor:
    slots = int(shape[1])
    common = ops.prim.min(slots, torch.size(cache, 2))
    larger = torch.zeros([torch.size(cache, 0), int(shape[0]), slots, self.kv_heads, self.head_dim], dtype=ops.prim.dtype(cache), device=ops.prim.device(cache))
    place = torch.narrow(torch.narrow(larger, 1, 0, torch.size(kept, 0)), 2, 0, common)
    _0 = torch.copy_(place, torch.index_select(torch.narrow(cache, 2, 0, common), 1, kept))
    return larger

  # Copies the rows sources of fresh to the rows targets of the cache, which has as many slots or more.
  def admit(self: __torch__.Decoder, targets: Tensor, sources: Tensor, fresh: Tensor, cache: Tensor) -> Tensor:
    place = torch.narrow(cache, 2, 0, torch.size(fresh, 2))
    _0 = torch.index_copy_(place, 1, targets, torch.index_select(fresh, 1, sources))
    return targets

  # ---- drawing ----

  # logits [B, V] -> softmax(logits / temperature) up to a factor per row, the largest being 1.
  def proportions(self: __torch__.Decoder, logits: Tensor, temperature: Tensor) -> Tensor:
    scaled = torch.div(logits, temperature)
    return torch.exp(torch.sub(scaled, torch.amax(scaled, [1], True)))

  # The most probable tokens, of equal ones the first, and their log-probabilities, [B] each.
  def best(self: __torch__.Decoder, logits: Tensor) -> List[Tensor]:
    ids = torch.argmax(logits, 1, True)
    return [torch.squeeze(ids, 1), torch.squeeze(torch.gather(torch.log_softmax(logits, 1), 1, ids), 1)]

  # settings: temperature, m -> log softmax of both, mixed (1 - m) log p + m log r (Nash-MD, arXiv 2312.00886, section 6), and log p.
  def mixture(self: __torch__.Decoder, logits: Tensor, reference: Tensor, settings: Tensor) -> List[Tensor]:
    own = torch.log_softmax(torch.div(logits, settings[0]), 1)
    other = torch.log_softmax(torch.div(reference, settings[0]), 1)
    return [torch.lerp(own, other, settings[1]), own]
