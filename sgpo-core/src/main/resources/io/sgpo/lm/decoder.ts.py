# A decoder-only transformer in TorchScript's serialised form. The Java class DecoderSource adds a module that holds many decoders and
# passes calls on to one of them: methods whose arguments are tensors and lists of tensors can be called from Java. The class goes on
# in the files beside this one; the engine compiles all once per process. The attributes up to the lists are a model's settings.
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
  keep_opened : bool
  tile_keys : int
  tile_queries : int
  tile_step : int
  even_from : int
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
