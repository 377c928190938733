# A decoder-only transformer in TorchScript's serialised form. The Java class DecoderSource adds a module that holds many decoders and
# passes calls on to one of them: methods below whose arguments are tensors and lists of tensors can be called from Java. The engine
# compiles all once per process. The attributes up to the lists are a model's settings.
#
# Shapes: B rows, T positions, H query heads, G key/value heads, D head size, V vocabulary, N scored positions, C cache slots.
# Rows are padded on the right, so causal attention alone keeps padding away from real tokens.
#
# weights: 0 embedding [V, hidden], 1 final norm, 2 head [V, hidden] (the embedding again when tied) or, of a reward model
#   (scalar_head), [1, hidden] in float32, 3 bias of the final norm, 4 learned positions [positions, hidden], then for each layer
#   +0 input norm, +1 q, +2 q bias, +3 k, +4 k bias, +5 v, +6 v bias, +7 o, +8 o bias, +9 q norm, +10 k norm,
#   +11 feed-forward norm, +12 gate, +13 gate bias, +14 up, +15 up bias, +16 down, +17 down bias, +18 bias of the input norm,
#   +19 bias of the feed-forward norm, +20 norm of the attention's output, +21 norm of the feed-forward's output;
# an absent one is an empty tensor. Matrices and biases have compute_type (6 float32, 15 bfloat16), norms are float32.
# Where the matrices are fused, +1 is q, k and v one below the other, and +12 gate and up. Without a gate +12 is all there is before
# the activation. Where the layers' matrices are stored turned (input by output), Java has them so; weights has views that are not.
# all_trained tells whether all weights are trained, not an adapter; head_place is where the head is among what is trained, or -1.
# lora_a [r, in] and lora_b [out, r] are lists like weights, or empty: W x becomes W x + lora_scale B A dropout(x).
# In bfloat16 the matrix products are, and the attention, in scoring and training without the composed; the residual stream, norms,
# positions, adapters and the softmax of the head stay float32.
class Decoder:
  layers : int
  heads : int
  kv_heads : int
  head_dim : int
  window : int
  head_chunk : int
  head_kept : int
  head_place : int
  all_trained : bool
  scalar_head : bool
  epsilon : float
  rope_scale : float
  query_key_norm : bool
  layer_norm : bool
  unit_norms : bool
  output_norms : bool
  fused : bool
  gated : bool
  gelu : bool
  turned_weights : bool
  learned_positions : bool
  alternating : bool
  embedding_scale : float
  score_cap : float
  logit_cap : float
  recompute : bool
  tile_keys : int
  tile_queries : int
  tile_numbers : int
  tile_rows : int
  score_scale : float
  compute_type : int
  lora_scale : float
  lora_dropout : float
  weights : List[Tensor]
  joined : List[Tensor]
  halves : List[Tensor]
  lora_a : List[Tensor]
  lora_b : List[Tensor]
  leaves : List[Tensor]
  trainable : List[Tensor]
  places : List[int]
  frequencies : List[Tensor]
  gradients : List[Tensor]
  spare : List[Tensor]
  tapes : List[List[Tensor]]
  token_keys : List[Tensor]

  def bind(self: __torch__.Decoder, frequencies: Tensor, weights: List[Tensor]) -> Tensor:
    self.weights = weights
    self.frequencies = [frequencies]
    if self.turned_weights:
      self.weights = self.turned_round(weights)
    self.joined = self.wholes()
    self.halves = self.halved()
    return frequencies

  # Moves what a layer multiplies the same input with next to each other: q, k and v, gate and up, and their biases. The tensors
  # stay those that Java holds, now as parts of a larger one. To be called once, before weights are bound or trained.
  def join(self: __torch__.Decoder, any: Tensor, weights: List[Tensor]) -> Tensor:
    for layer in range(self.layers):
      base = 5 + 22 * layer
      for i in range(2):
        _0 = self.move([weights[base + 1 + i], weights[base + 3 + i], weights[base + 5 + i]])
        _1 = self.move([weights[base + 12 + i], weights[base + 14 + i]])
    return any

  # Nothing moves where one is absent.
  def move(self: __torch__.Decoder, parts: List[Tensor]) -> Tensor:
    whole = parts[0]
    if self.present(parts):
      whole = torch.cat(parts)
      offset = 0
      for part in parts:
        _0 = torch.set_(part, whole, offset, torch.size(part), torch.stride(part))
        offset = offset + torch.numel(part)
    return whole

  def present(self: __torch__.Decoder, parts: List[Tensor]) -> bool:
    for part in parts:
      if torch.numel(part) == 0:
        return False
    return True

  # The whole that the tensor at the slot begins: that many tensors, a slot between them.
  def whole_of(self: __torch__.Decoder, slot: int, count: int) -> Tensor:
    first = torch.detach(self.weights[slot])
    rows = 0
    parts = annotate(List[Tensor], [])
    for i in range(count):
      parts = torch.add(parts, [self.weights[slot + 2 * i]])
      rows = rows + torch.size(parts[i], 0)
    if not self.present(parts):
      return first
    sizes = torch.add([rows], torch.slice(torch.size(first), 1))
    return torch.as_strided(first, sizes, torch.stride(first))

  # For each slot the whole that begins there, or what is there alone; behind the beginning of a whole nothing.
  def wholes(self: __torch__.Decoder) -> List[Tensor]:
    wholes = annotate(List[Tensor], [])
    empty = torch.empty([0])
    for slot in range(torch.len(self.weights)):
      place = -1
      if slot > 4:
        place = torch.remainder(slot - 5, 22)
      if place == 1 or place == 2:
        whole = self.whole_of(slot, 3)
      elif place == 12 or place == 13:
        whole = self.whole_of(slot, 2)
      elif place > 2 and place < 7 or place == 14 or place == 15:
        whole = empty
      else:
        whole = torch.detach(self.weights[slot])
      _0 = torch.append(wholes, whole)
    return wholes

  # Views of the matrices for the product of a single row: float32 matrices as two halves, [2, rows / 2, columns]; elsewhere nothing.
  def halved(self: __torch__.Decoder) -> List[Tensor]:
    halves = annotate(List[Tensor], [])
    for w in self.joined:
      half = torch.empty([0])
      if torch.dim(w) == 2 and ops.prim.dtype(w) == 6:
        rows = torch.size(w, 0)
        if torch.remainder(rows, 2) == 0 and torch.size(w, 1) <= 2048:
          half = torch.unflatten(w, 0, [2, torch.floordiv(rows, 2)])
      _0 = torch.append(halves, half)
    return halves

  def attach(self: __torch__.Decoder, any: Tensor, lora_a: List[Tensor], lora_b: List[Tensor]) -> Tensor:
    self.lora_a = lora_a
    self.lora_b = lora_b
    return any

  # The layers' matrices as views with rows and columns exchanged, the others as they are.
  def turned_round(self: __torch__.Decoder, weights: List[Tensor]) -> List[Tensor]:
    views = annotate(List[Tensor], [])
    for slot in range(torch.len(weights)):
      w = weights[slot]
      if slot > 4 and torch.dim(w) == 2:
        w = torch.t(w)
      _0 = torch.append(views, w)
    return views

  # No places: -1 for every weight.
  def nowhere(self: __torch__.Decoder) -> List[int]:
    places = annotate(List[int], [])
    for _ in range(torch.len(self.weights)):
      _0 = torch.append(places, -1)
    return places

  # Trains the weights at these indices, each tensor once. places says where a weight's gradient is among them.
  def train_weights(self: __torch__.Decoder, indices: Tensor) -> Tensor:
    chosen = annotate(List[Tensor], [])
    places = self.nowhere()
    weights = self.weights
    if self.turned_weights:
      weights = self.turned_round(weights)
    for i in range(torch.size(indices, 0)):
      index = int(indices[i])
      places[index] = i
      chosen = torch.add(chosen, [torch.requires_grad_(weights[index], True)])
    self.places = places
    self.leaves = chosen
    self.trainable = chosen
    return indices

  # The same with float32 masters: the optimizer updates them, and the weights are their roundings.
  def train_masters(self: __torch__.Decoder, indices: Tensor, masters: List[Tensor]) -> Tensor:
    _0 = self.train_weights(indices)
    self.trainable = masters
    return indices

  # Trains A and B of the slots at these indices, in the order A, B, A, B, …, and then a scalar head, which no adapter stands for; places says where a slot's A is among them.
  def train_adapter(self: __torch__.Decoder, indices: Tensor) -> Tensor:
    chosen = annotate(List[Tensor], [])
    places = self.nowhere()
    for i in range(torch.size(indices, 0)):
      index = int(indices[i])
      places[index] = 2 * i
      chosen = torch.add(chosen, [self.lora_a[index], self.lora_b[index]])
    self.places = places
    if self.scalar_head:
      chosen = torch.add(chosen, [self.weights[2]])
    self.leaves = chosen
    self.trainable = chosen
    return indices

  # Rounds the masters to the weights that compute.
  def refresh(self: __torch__.Decoder, any: Tensor) -> Tensor:
    if self.compute_type != 6 and self.all_trained:
      for i in range(torch.len(self.leaves)):
        _0 = torch.copy_(torch.detach(self.leaves[i]), self.trainable[i])
    return any

  def release(self: __torch__.Decoder, any: Tensor) -> Tensor:
    empty = annotate(List[Tensor], [])
    self.weights = empty
    self.joined = empty
    self.halves = empty
    self.lora_a = empty
    self.lora_b = empty
    self.leaves = empty
    self.trainable = empty
    self.places = annotate(List[int], [])
    self.frequencies = empty
    self.gradients = empty
    self.spare = empty
    self.tapes = annotate(List[List[Tensor]], [])
    self.token_keys = empty
    return any

  # ---- tensors of compute_type, which Java cannot make ----

  # Zeros of compute_type in a shape given as a tensor.
  def zeros(self: __torch__.Decoder, shape: Tensor) -> Tensor:
    sizes = annotate(List[int], [])
    for i in range(torch.size(shape, 0)):
      sizes = torch.add(sizes, [int(shape[i])])
    return torch.zeros(sizes, dtype=self.compute_type, device=ops.prim.device(shape))

  # A copy of source[0], of its own type, flat, or in float32.
  def copy(self: __torch__.Decoder, any: Tensor, source: List[Tensor]) -> Tensor:
    return torch.clone(torch.detach(source[0]))

  def flat(self: __torch__.Decoder, any: Tensor, source: List[Tensor]) -> Tensor:
    return torch.clone(torch.view(torch.detach(source[0]), [-1]))

  def widened(self: __torch__.Decoder, any: Tensor, source: List[Tensor]) -> Tensor:
    return torch.to(torch.detach(source[0]), 6, False, True)

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

  # Adds to y, float32, what the slot's adapter makes of x.
  def adapt_(self: __torch__.Decoder, y: Tensor, x: Tensor, slot: int) -> Tensor:
    low = torch.linear(self.dropout(self.wide(x), slot), self.lora_a[slot])
    return torch.add_(y, torch.linear(low, self.lora_b[slot]), alpha=self.lora_scale)

  # The projections of x at slot, slot + 2, …, which are as wide as sizes say, side by side: float32 if one of them has an adapter, else
  # of compute_type. That they lie alike with and without adapters keeps one of zeros from changing a rounding.
  def projections(self: __torch__.Decoder, x: Tensor, slot: int, sizes: List[int], packed: List[Tensor]) -> Tensor:
    sizes = self.layer_widths(sizes)
    adapted = False
    for i in range(torch.len(sizes)):
      adapted = adapted or self.adapted(slot + 2 * i)
    whole = self.joint(x, slot, packed)
    if adapted:
      whole = self.wide(whole)
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
        back = self.adapt_backward(self.wide(back), parts[i], x, slot + 2 * i, carry)
    return back

  # The gradients of matrices or biases one below the other are added to those at slot, slot + 2, ….
  def add_gradients(self: __torch__.Decoder, slot: int, sizes: List[int], g: Tensor) -> Tensor:
    parts = torch.split_with_sizes(g, sizes)
    for i in range(torch.len(sizes)):
      _0 = self.add_gradient(self.places[slot + 2 * i], parts[i])
    return g

  # back plus the gradient of adapt_ with respect to x; those of A and B are added to the gradients.
  def adapt_backward(self: __torch__.Decoder, back: Tensor, g: Tensor, x: Tensor, slot: int, carry: bool) -> Tensor:
    place = self.places[slot]
    scaled = torch.mul(self.wide(g), self.lora_scale)
    kept = self.dropout(self.wide(x), slot)
    low = torch.mm(scaled, self.lora_b[slot])
    _0 = self.add_gradient(place + 1, torch.mm(torch.t(scaled), torch.linear(kept, self.lora_a[slot])))
    _1 = self.add_gradient(place, torch.mm(torch.t(low), kept))
    if carry:
      back = torch.add_(back, self.dropout(torch.mm(low, self.lora_a[slot]), slot))
    return back

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
    # d/dx of w x r is r (w g - x r^2 mean(w g x)), what the engine has for the weight norm (arXiv 1602.07868) x s / size, s^2 = features, size = s / r.
    s = torch.full_like(r, features ** 0.5)
    back, _3 = torch._weight_norm_interface_backward(torch.mul(of_rows, w), rows, s, torch.div(s, r), 0)
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

  # Zeros like a trained tensor, for its gradient.
  def blank(self: __torch__.Decoder, place: int) -> Tensor:
    if torch.len(self.spare) > 0:
      return torch.zero_(self.spare[place])
    return torch.zeros_like(torch.detach(self.trainable[place]))

  # Keys of the tokens that the next forward passes see, [tokens] in their order; without keys nothing is dropped.
  def set_dropout(self: __torch__.Decoder, keys: Tensor) -> Tensor:
    self.token_keys = [keys]
    return keys

  def clear_dropout(self: __torch__.Decoder, any: Tensor) -> Tensor:
    self.token_keys = annotate(List[Tensor], [])
    return any

  # Drops elements of x [*, features] with probability lora_dropout and scales up the others (Srivastava et al. 2014).
  # Whether one is dropped is a hash of its token's key, the slot and the feature, so it depends on nothing else in the batch.
  def dropout(self: __torch__.Decoder, x: Tensor, slot: int) -> Tensor:
    if self.lora_dropout == 0. or torch.len(self.token_keys) == 0:
      return x
    features = torch.size(x, -1)
    index = torch.arange(slot << 32, (slot << 32) + features, device=ops.prim.device(x))
    odd = torch.bitwise_or(self.mixed(torch.mul(index, -7046029254386353131)), 1)
    bits = self.mixed(self.mixed(torch.mul(torch.unsqueeze(self.token_keys[0], 1), torch.unsqueeze(odd, 0))))
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

  # q [B, T, H, D] on k, v [B, T, G, D] -> [B, T, H * D]; without a mask, causal.
  def attend(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    q = torch.transpose(q, 1, 2)
    k = torch.transpose(k, 1, 2)
    v = torch.transpose(v, 1, 2)
    if self.score_cap > 0.:
      mixed = self.attend_capped(torch.mul(q, self.score_scale), k, v, self.given(mask))
    else:
      mixed = self.attend_fused(q, k, v, mask, self.score_scale)
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

  # x plus what the attention or the feed-forward layer puts out, which goes through the norm at slot if there is one.
  def residual(self: __torch__.Decoder, x: Tensor, y: Tensor, slot: int) -> Tensor:
    if self.output_norms:
      y = self.norm(y, slot)
    return torch.add(x, y)

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
      bent = torch.add_(torch.log_(torch.to(tile, 6, False, True)), torch.slice(shift, 0, start, start + rows))
      bent = torch.clamp_(torch.mul_(bent, share), -1., 1.)
      _0 = torch.mul_(tile, torch.add_(torch.neg_(torch.mul_(bent, bent)), 1.))
    bent = torch.div(torch.squeeze(wanted, 1), self.logit_cap)
    return self.narrow(torch.mul(self.wide(less), torch.rsub(torch.mul(bent, bent), 1.)))

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

  # ---- scoring and training ----

  # The tokens of all rows lie one after the other: ids [N], positions [N] in float32. blocks [K, 3] cuts them into blocks of
  # equally long rows, padded on the right: rows, width, parent; N is the sum of rows * width. A token sees its own row up to
  # itself. A block with a parent >= 0 also sees all of that earlier block, which has a single row: the prompt that it shares.
  # index [S] are the tokens whose states predict the targets [S].

  def whole(self: __torch__.Decoder, blocks: Tensor) -> List[int]:
    numbers = annotate(List[int], [])
    flat = torch.flatten(torch.to(blocks, torch.device("cpu")))
    for i in range(torch.numel(flat)):
      _0 = torch.append(numbers, int(flat[i]))
    return numbers

  # x [N, hidden] -> the layer's output, [N, hidden], and with keep what layer_backward needs (else nothing).
  def layer(self: __torch__.Decoder, x: Tensor, number: int, spins: Tensor, blocks: List[int], masks: List[Optional[Tensor]], keep: bool) -> Tuple[Tensor, List[Tensor]]:
    base = 5 + 22 * number
    plain = annotate(List[Tensor], [])
    n = self.narrow(self.norm(x, base))
    mixed, seen = self.mix(self.project(n, base, plain), base, spins, blocks, masks, keep)
    y1 = self.wide(self.linear(mixed, base + 7, plain))
    x1 = self.residual(x, y1, base + 20)
    n1, both = self.gates(x1, base, plain)
    y2 = self.descended(both, base, plain)
    kept = annotate(List[Tensor], [])
    if keep:
      kept = [x, n, mixed, x1, n1, both]
      if self.output_norms:
        kept = torch.add(kept, [y1, y2])
      kept = torch.add(kept, seen)
    return (self.residual(x1, y2, base + 21), kept)

  # The gradient with respect to the layer's input from that of its output, g; those of its weights are added to the gradients.
  # Without carry, which only the first layer may lack, the result is empty.
  def layer_backward(self: __torch__.Decoder, g: Tensor, number: int, spins: Tensor, blocks: List[int], masks: List[Optional[Tensor]], kept: List[Tensor], carry: bool) -> Tensor:
    base = 5 + 22 * number
    x, n, mixed, x1, n1, both = torch.slice(kept, 0, 6)
    seen = 6
    of_y2 = g
    if self.output_norms:
      seen = 8
      of_y2 = self.norm_backward(g, kept[7], base + 21, True)
    passed, opened = self.opened(both, base)
    inner = self.narrow(self.linear_backward(of_y2, passed, base + 16))
    of_gates = self.gates_backward(inner, opened, both, passed, base)
    of_n1 = self.wide(self.projections_backward(of_gates, n1, base + 12, self.gate_widths(base), True))
    g1 = torch.add_(self.norm_backward(of_n1, x1, base + 11, True), g)
    of_y1 = g1
    if self.output_norms:
      of_y1 = self.norm_backward(g1, kept[6], base + 20, True)
    of_mixed = self.linear_backward(of_y1, mixed, base + 7)
    of_parts = self.mix_backward(of_mixed, base, spins, blocks, masks, torch.slice(kept, seen))
    through = carry or self.places[base] >= 0
    of_n = self.wide(self.projections_backward(of_parts, n, base + 1, self.widths(), through))
    if not through:
      return of_n
    back = self.norm_backward(of_n, x, base, carry)
    if carry:
      back = torch.add_(back, g1)
    return back

  # The states that predict, [S, hidden].
  def finish(self: __torch__.Decoder, x: Tensor, index: Tensor) -> Tensor:
    return self.norm(torch.index_select(x, 0, index), 1)

  def states(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor) -> Tensor:
    spins = self.spins(positions)
    cut = self.whole(blocks)
    masks = self.masks(cut, ops.prim.device(ids))
    x = self.embed(ids, positions)
    for number in range(self.layers):
      x, _ = self.layer(x, number, spins, cut, masks, False)
    return self.finish(x, index)

  def logits(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor) -> Tensor:
    return self.vocabulary(self.states(ids, positions, blocks, index), annotate(List[Tensor], []))

  # logits [n, V] -> log softmax(logits / temperature) in float32, in their place if they are that.
  def tempered(self: __torch__.Decoder, logits: Tensor, temperature: float) -> Tensor:
    logits = self.capped_logits(self.wide(logits))
    if temperature != 1.:
      logits = torch.div_(logits, temperature)
    return torch._log_softmax(logits, 1, False, out=logits)

  # How many rows of so many numbers an operator takes at once where the next one is to find them near the processor.
  def rows_at_once(self: __torch__.Decoder, columns: int, least: int) -> int:
    return ops.prim.max(torch.floordiv(self.tile_numbers, columns), least)

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
      every = self.tempered(every, temperature)
      _0 = torch.append(parts, torch.squeeze(torch.gather(every, 1, torch.unsqueeze(torch.slice(targets, 0, start, start + rows), 1)), 1))
      if keep:
        _1 = torch.copy_(tile, torch.exp_(every))
    return torch.cat(parts)

  # How many of so many positions go through the head at once: about equally many each time, and no more than head_chunk.
  def chunk_rows(self: __torch__.Decoder, positions: int) -> int:
    chunks = torch.floordiv(positions + self.head_chunk - 1, self.head_chunk)
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

  def score(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor, targets: Tensor, temperature: Tensor) -> Tensor:
    return self.head(self.states(ids, positions, blocks, index), targets, temperature, 0)[0]

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
    return ops.prim.min(self.head_kept, torch.floordiv(positions + self.head_chunk - 1, self.head_chunk))

  # Log-probabilities [S], and the number of the tape with what backward_graph needs: these, the states, the last layer's output, kept chunks
  # of the head, and of every layer what it keeps (with recompute its input alone). The tape stays here: to hand out hundreds of tensors takes
  # longer than the threads wait for work before they sleep.
  def forward_graph(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor, targets: Tensor, temperature: Tensor) -> List[Tensor]:
    spins = self.spins(positions)
    cut = self.whole(blocks)
    masks = self.masks(cut, ops.prim.device(ids))
    torch.set_grad_enabled(False)
    x = self.embed(ids, positions)
    tape = annotate(List[Tensor], [])
    for number in range(self.layers):
      y, kept = self.layer(x, number, spins, cut, masks, not self.recompute)
      if self.recompute:
        kept = [x]
      tape = torch.add(tape, kept)
      x = y
    states = self.finish(x, index)
    scores = self.head(states, targets, temperature, self.head_kept)
    tape = torch.add(torch.add([scores[0], states, x], torch.slice(scores, 1)), tape)
    self.tapes = torch.add(self.tapes, [tape])
    return [scores[0], torch.tensor(torch.len(self.tapes) - 1)]

  # Adds the gradient d' x of the head, d [n, V], x [n, hidden], to sum[0] if it is there, else puts it there; d and x are of compute_type, the
  # result is float32. In bfloat16 some rows of the result at a time, which are widened while they are near the processor.
  def add_to_head(self: __torch__.Decoder, sum: List[Tensor], d: Tensor, x: Tensor) -> List[Tensor]:
    if self.compute_type == 6:
      if torch.len(sum) == 0 and torch.len(self.spare) > 0:
        return [torch.mm(torch.t(d), x, out=self.spare[self.head_place])]
      if torch.len(sum) == 0:
        return [torch.mm(torch.t(d), x)]
      return [torch.addmm_(sum[0], torch.t(d), x)]
    fresh = torch.len(sum) == 0
    if fresh:
      if torch.len(self.spare) > 0:
        sum = [self.spare[self.head_place]]
      else:
        sum = [torch.empty([torch.size(d, 1), torch.size(x, 1)], device=ops.prim.device(x))]
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

  # Adds the gradient of sum(coefficients * log-probs) to the gradients; the tape is used up.
  def backward_graph(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor, targets: Tensor, temperature: Tensor, coefficients: Tensor, tape_number: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    tape = self.tapes[int(tape_number)]
    self.tapes[int(tape_number)] = annotate(List[Tensor], [])
    scores, states, last = torch.slice(tape, 0, 3)
    if torch.len(self.gradients) == 0:
      none = annotate(List[Tensor], [])
      for leaf in self.leaves:
        _0 = torch.append(none, torch.empty([0], device=ops.prim.device(leaf)))
      self.gradients = none
    first = 3 + self.kept_chunks(torch.size(states, 0))
    g = self.backward_head(states, targets, temperature, coefficients, scores, torch.slice(tape, 3, first))
    g = self.norm_backward(g, torch.index_select(last, 0, index), 1, True)
    g = torch.index_add_(torch.zeros_like(last), 0, index, g)
    spins = self.spins(positions)
    cut = self.whole(blocks)
    each = torch.floordiv(torch.len(tape) - first, self.layers)
    masks = annotate(List[Optional[Tensor]], [])
    if self.recompute or self.tiled(cut):
      masks = self.masks(cut, ops.prim.device(ids))
    for i in range(self.layers):
      number = self.layers - 1 - i
      part = torch.slice(tape, first + each * number, first + each * number + each)
      if self.recompute:
        _1, part = self.layer(part[0], number, spins, cut, masks, True)
      g = self.layer_backward(g, number, spins, cut, masks, part, number > 0 or self.all_trained)
    if self.all_trained:
      _2 = self.embed_backward(g, ids, positions)
    for i in range(torch.len(self.leaves)):
      if torch.numel(self.gradients[i]) == 0:
        self.gradients[i] = self.blank(i)
    return coefficients

  # ---- the optimizer ----

  def drop_gradients(self: __torch__.Decoder, any: Tensor) -> Tensor:
    self.gradients = annotate(List[Tensor], [])
    self.spare = annotate(List[Tensor], [])
    self.tapes = annotate(List[List[Tensor]], [])
    return any

  # Gradients of an earlier step, whose memory takes up the next ones: to get as much anew takes longer than to fill it.
  def lend_gradients(self: __torch__.Decoder, any: Tensor, spare: List[Tensor]) -> Tensor:
    self.spare = spare
    return any

  def zero_gradients(self: __torch__.Decoder, any: Tensor) -> Tensor:
    zeros = annotate(List[Tensor], [])
    for i in range(torch.len(self.trainable)):
      zeros = torch.add(zeros, [self.blank(i)])
    self.gradients = zeros
    return any

  # The L2 norm of each parameter's gradient, [parameters].
  def gradient_norms(self: __torch__.Decoder, any: Tensor) -> Tensor:
    norms = annotate(List[Tensor], [])
    for g in self.gradients: # of rows and then of these, which is several times faster than at once
      norms = torch.add(norms, [torch.linalg_vector_norm(torch.linalg_vector_norm(g, 2, [-1]))])
    return torch.stack(norms)

  def gradient_list(self: __torch__.Decoder, any: Tensor) -> List[Tensor]:
    return self.gradients

  # settings (float64): learning rate, beta1, beta2, weight decay, epsilon, gradient scale; step from 1. Gives the gradients away, used up.
  def adamw(self: __torch__.Decoder, settings: Tensor, step: Tensor, first: List[Tensor], second: List[Tensor]) -> List[Tensor]:
    scale = float(settings[5])
    if scale != 1.:
      torch._foreach_mul_(self.gradients, scale)
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(first)):
      steps = torch.add(steps, [step])
    torch._fused_adamw_(self.trainable, self.gradients, first, second, annotate(List[Tensor], []), steps, lr=float(settings[0]), beta1=float(settings[1]), beta2=float(settings[2]), weight_decay=float(settings[3]), eps=float(settings[4]), amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    used = self.gradients
    _0 = self.drop_gradients(step)
    _1 = self.refresh(step)
    return used

  # Weights and moments come as lists, because their arrays have the names of lists in Java.
  # Writes values over the elements of target[0] from first on.
  def fill(self: __torch__.Decoder, values: Tensor, target: List[Tensor], first: Tensor) -> Tensor:
    place = torch.narrow(torch.view(torch.detach(target[0]), [-1]), 0, int(first), torch.size(values, 0))
    return torch.copy_(place, values)

  # The elements of source[0] in range: first, count.
  def extract(self: __torch__.Decoder, range: Tensor, source: List[Tensor]) -> Tensor:
    return torch.to(torch.narrow(torch.view(torch.detach(source[0]), [-1]), 0, int(range[0]), int(range[1])), 6, False, True)

  # The elements of W + lora_scale B A in range: first, count. Lists of one, because their arrays have the names of lists in Java.
  def merged(self: __torch__.Decoder, range: Tensor, weights: List[Tensor], lora_a: List[Tensor], lora_b: List[Tensor]) -> Tensor:
    width = torch.size(weights[0], 1)
    first = int(range[0])
    top = torch.floordiv(first, width)
    bottom = torch.floordiv(first + int(range[1]) + width - 1, width)
    rows = torch.to(torch.slice(torch.detach(weights[0]), 0, top, bottom), 6)
    a = torch.detach(lora_a[0])
    b = torch.detach(lora_b[0])
    if self.turned_weights:
      change = torch.mm(torch.slice(torch.t(a), 0, top, bottom), torch.t(b))
    else:
      change = torch.mm(torch.slice(b, 0, top, bottom), a)
    whole = torch.add(rows, change, alpha=self.lora_scale)
    return torch.clone(torch.narrow(torch.view(whole, [-1]), 0, first - top * width, int(range[1])))

  # ---- generation ----

  # The cache: keys and values of every layer in turn, [2 * layers, B, G, C, D]; C slots per row, slot = position.

  # What queries at positions [B, T] see of so many slots, for each window, 0 or minus infinity, [B, 1, T, slots].
  def behind(self: __torch__.Decoder, positions: Tensor, slots: int) -> List[Optional[Tensor]]:
    masks = annotate(List[Optional[Tensor]], [])
    for window in self.windows():
      visible = self.visible(torch.to(torch.flatten(positions), 6), torch.arange(slots, dtype=6, device=ops.prim.device(positions)), window)
      mask = self.added_narrow(visible)
      _0 = torch.append(masks, torch.view(mask, [torch.size(positions, 0), 1, torch.size(positions, 1), slots]))
    return masks

  # ids [B, T], last [B] of each row's last real token in the B * T positions -> its state [B, hidden], keys and values of the layers.
  # past is empty, or begins [B], the positions of the rows' first ids, and a cache that holds what is before them: it takes up their
  # keys and values, and only the states are returned.
  def read(self: __torch__.Decoder, ids: Tensor, last: Tensor, past: List[Tensor], packed: List[Tensor]) -> List[Tensor]:
    places = torch.arange(torch.size(ids, 1), device=ops.prim.device(ids))
    positions = torch.to(places, 6)
    masks = self.bands(positions)
    caches = annotate(List[Tensor], [])
    if torch.len(past) > 0:
      slots = torch.add(torch.unsqueeze(past[0], 1), places)
      positions = torch.to(slots, 6)
      masks = self.behind(slots, torch.size(past[1], 3))
      places = torch.expand(torch.unsqueeze(torch.unsqueeze(slots, 1), 3), [-1, self.kv_heads, -1, self.head_dim])
      caches = torch.unbind(past[1])
    spins = self.spins(positions)
    x = self.embed(ids, positions)
    seen = annotate(List[Tensor], [])
    for layer in range(self.layers):
      base = 5 + 22 * layer
      n = self.narrow(self.norm(x, base))
      q, k, v = self.apart(self.project(n, base, packed))
      if self.query_key_norm:
        q = self.norm(self.wide(q), base + 9)
        k = self.norm(self.wide(k), base + 10)
      q = self.narrow(self.spun(q, spins))
      k = self.narrow(self.spun(k, spins))
      v = self.narrow(v)
      if torch.len(caches) > 0:
        k = torch.transpose(torch.scatter_(caches[2 * layer], 2, places, torch.transpose(k, 1, 2)), 1, 2)
        v = torch.transpose(torch.scatter_(caches[2 * layer + 1], 2, places, torch.transpose(v, 1, 2)), 1, 2)
      else:
        seen = torch.add(seen, [k, v])
      mixed = self.attend(q, k, v, self.of_layer(masks, layer))
      x = self.feed_forward(self.attended(x, mixed, base, packed), base, packed)
    return torch.add([self.norm(torch.index_select(torch.flatten(x, 0, 1), 0, last), 1)], seen)

  # The logits of the rows' next tokens, [B, V], and keys and values like a cache of T slots.
  def prefill(self: __torch__.Decoder, ids: Tensor, last: Tensor, packed: List[Tensor]) -> List[Tensor]:
    results = self.read(ids, last, annotate(List[Tensor], []), packed)
    return [self.vocabulary(results[0], packed), torch.transpose(torch.stack(torch.slice(results, 1, None, 1)), 2, 3)]

  # The same for rows whose first tokens a cache holds: ids [B, T] at positions begins [B] and after -> logits [B, V]; writes the cache.
  def continue_prefill(self: __torch__.Decoder, ids: Tensor, last: Tensor, begins: Tensor, cache: Tensor, packed: List[Tensor]) -> Tensor:
    return self.vocabulary(self.read(ids, last, [begins, cache], packed)[0], packed)

  # A copy of the first slots of a cache's row, [2 * layers, G, count, D]; range: row, count.
  def keep(self: __torch__.Decoder, range: Tensor, cache: Tensor) -> Tensor:
    return torch.clone(torch.narrow(torch.select(cache, 1, int(range[0])), 2, 0, int(range[1])))

  # A cache of B rows and so many slots: the first begins[i] slots of row i are those of what was kept as sources[i], the rest is zero.
  def continue_from(self: __torch__.Decoder, sources: Tensor, begins: Tensor, slots: Tensor, kept: List[Tensor]) -> Tensor:
    rows = torch.size(begins, 0)
    cache = torch.zeros([2 * self.layers, rows, self.kv_heads, int(slots), self.head_dim], dtype=self.compute_type, device=ops.prim.device(begins))
    for row in range(rows):
      count = int(begins[row])
      if count > 0:
        place = torch.narrow(torch.select(cache, 1, row), 2, 0, count)
        _0 = torch.copy_(place, torch.narrow(kept[int(sources[row])], 2, 0, count))
    return cache

  # The last token's last hidden state, [B, hidden].
  def embeddings(self: __torch__.Decoder, ids: Tensor, last: Tensor) -> Tensor:
    return self.read(ids, last, annotate(List[Tensor], []), annotate(List[Tensor], []))[0]

  # The spins of one position per row for its queries, scaled, and its keys, [B, H + G, D / 2].
  def turns(self: __torch__.Decoder, positions: Tensor) -> Tensor:
    spins = self.spins(torch.to(positions, 6))
    queries = torch.expand(torch.mul(spins, self.score_scale), [-1, self.heads, -1])
    return torch.cat([queries, torch.expand(spins, [-1, self.kv_heads, -1])], 1)

  # What each row's query sees of the first slots, for each window, 0 or minus infinity, [B, 1, 1, used]; None when all of them.
  def seen(self: __torch__.Decoder, positions: Tensor, used: int) -> List[Optional[Tensor]]:
    masks = annotate(List[Optional[Tensor]], [])
    shorter = int(torch.min(positions)) + 1 < used
    for window in self.windows():
      mask : Optional[Tensor] = None
      if window > 0 or shorter:
        visible = self.visible(positions, torch.arange(used, device=ops.prim.device(positions)), window)
        mask = torch.unsqueeze(torch.unsqueeze(self.added_narrow(visible), 1), 1)
      _0 = torch.append(masks, mask)
    return masks

  # Queries, scaled, and keys of what project gives [B, (H + 2 G) * D], turned, in compute_type, [B, H + G, D].
  def queries_and_keys(self: __torch__.Decoder, whole: Tensor, base: int, turns: Tensor) -> Tensor:
    heads = self.heads + self.kv_heads
    both = torch.unflatten(torch.narrow(whole, 1, 0, heads * self.head_dim), 1, [heads, self.head_dim])
    if self.query_key_norm:
      q, k = torch.split_with_sizes(self.wide(both), [self.heads, self.kv_heads], 1)
      both = torch.cat([self.norm(q, base + 9), self.norm(k, base + 10)], 1)
    return self.narrow(self.spun(both, turns))

  # One query per row, q [B, H, D], scaled, on keys and values [B, G, S, D] -> [B, H * D]. The queries that share a key/value head are taken
  # as positions. In float32 two batched products take about a quarter less time than the fused attention for many rows, but not for one.
  def attend_cache(self: __torch__.Decoder, q: Tensor, keys: Tensor, values: Tensor, mask: Optional[Tensor]) -> Tensor:
    rows = torch.size(q, 0)
    grouped = torch.view(q, [rows, self.kv_heads, -1, self.head_dim])
    if self.score_cap > 0.:
      return torch.reshape(self.capped(grouped, keys, values, mask), [rows, -1])
    if self.compute_type != 6 or rows == 1:
      fused = torch.scaled_dot_product_attention(grouped, keys, values, mask, 0., False, scale=1.)
      return torch.reshape(fused, [rows, -1])
    scores = torch.bmm(torch.flatten(grouped, 0, 1), torch.transpose(torch.flatten(keys, 0, 1), 1, 2))
    if mask is not None:
      _0 = torch.add_(torch.view(scores, [rows, self.kv_heads, -1, torch.size(scores, 2)]), mask)
    return torch.view(torch.bmm(torch.softmax(scores, -1), torch.flatten(values, 0, 1)), [rows, -1])

  # One more token for every row: ids [B] at positions [B] -> logits [B, V] in float32; writes the cache. In bfloat16 the logits are widened in
  # the first rows of room, [*, V] in float32.
  def decode(self: __torch__.Decoder, ids: Tensor, positions: Tensor, cache: Tensor, room: Tensor, packed: List[Tensor]) -> Tensor:
    rows = torch.size(ids, 0)
    used = int(torch.max(positions)) + 1
    turns = self.turns(positions)
    masks = self.seen(positions, used)
    places = torch.expand(torch.view(positions, [rows, 1, 1, 1]), [-1, self.kv_heads, 1, self.head_dim])
    caches = torch.unbind(cache)
    x = self.embed(ids, positions)
    for layer in range(self.layers):
      base = 5 + 22 * layer
      normed = self.narrow(self.norm(x, base))
      whole = self.project(normed, base, packed)
      both = self.queries_and_keys(whole, base, turns)
      v = torch.narrow(whole, 1, (self.heads + self.kv_heads) * self.head_dim, self.kv_heads * self.head_dim)
      v = torch.unflatten(self.narrow(v), 1, [self.kv_heads, 1, self.head_dim])
      keys = torch.scatter_(caches[2 * layer], 2, places, torch.unsqueeze(torch.narrow(both, 1, self.heads, self.kv_heads), 2))
      values = torch.scatter_(caches[2 * layer + 1], 2, places, v)
      mixed = self.attend_cache(torch.narrow(both, 1, 0, self.heads), torch.narrow(keys, 2, 0, used), torch.narrow(values, 2, 0, used), self.of_layer(masks, layer))
      x = self.feed_forward(self.attended(x, mixed, base, packed), base, packed)
    logits = self.logits_of(self.norm(x, 1), packed)
    if self.compute_type != 6:
      logits = torch.copy_(torch.slice(room, 0, 0, rows), logits)
    return self.capped_logits(logits)

  # A cache of other size, as shape (rows, slots); its first rows are the given ones, as far as they fit, the rest is zero.
  def resize(self: __torch__.Decoder, kept: Tensor, shape: Tensor, cache: Tensor) -> Tensor:
    slots = int(shape[1])
    common = ops.prim.min(slots, torch.size(cache, 3))
    larger = torch.zeros([torch.size(cache, 0), int(shape[0]), self.kv_heads, slots, self.head_dim], dtype=ops.prim.dtype(cache), device=ops.prim.device(cache))
    place = torch.narrow(torch.narrow(larger, 1, 0, torch.size(kept, 0)), 3, 0, common)
    _0 = torch.copy_(place, torch.index_select(torch.narrow(cache, 3, 0, common), 1, kept))
    return larger

  # Copies the rows sources of fresh to the rows targets of the cache, which has as many slots or more.
  def admit(self: __torch__.Decoder, targets: Tensor, sources: Tensor, fresh: Tensor, cache: Tensor) -> Tensor:
    place = torch.narrow(cache, 3, 0, torch.size(fresh, 3))
    _0 = torch.index_copy_(place, 1, targets, torch.index_select(fresh, 1, sources))
    return targets

  # ---- drawing ----

  # logits [B, V] -> softmax(logits / temperature), in the place of the logits, and its sums over blocks of so many tokens, the last one
  # perhaps shorter, [B, blocks].
  def proportions(self: __torch__.Decoder, logits: Tensor, temperature: Tensor, block: Tensor) -> List[Tensor]:
    if float(temperature) != 1.:
      logits = torch.div_(logits, temperature)
    shares = torch._softmax(logits, 1, False, out=logits)
    size = int(block)
    blocks = torch.floordiv(torch.size(shares, 1), size)
    whole = torch.unflatten(torch.narrow(shares, 1, 0, blocks * size), 1, [blocks, size])
    rest = torch.sum(torch.slice(shares, 1, blocks * size), [1], True)
    return [shares, torch.cat([torch.sum(whole, [2]), rest], 1)]

  # The most probable tokens, of equal ones the first, and their log-probabilities, [B] each.
  def best(self: __torch__.Decoder, logits: Tensor) -> List[Tensor]:
    ids = torch.argmax(logits, 1, True)
    return [torch.squeeze(ids, 1), torch.squeeze(torch.gather(torch.log_softmax(logits, 1), 1, ids), 1)]

  # settings: temperature, m -> log softmax of both, mixed (1 - m) log p + m log r (Nash-MD, arXiv 2312.00886, section 6), and log p.
  def mixture(self: __torch__.Decoder, logits: Tensor, reference: Tensor, settings: Tensor) -> List[Tensor]:
    own = torch.log_softmax(torch.div(logits, settings[0]), 1)
    other = torch.log_softmax(torch.div(reference, settings[0]), 1)
    return [torch.lerp(own, other, settings[1]), own]
