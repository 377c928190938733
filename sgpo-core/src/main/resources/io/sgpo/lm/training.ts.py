
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

  # x [N, hidden] -> the layer's output, [N, hidden], and with keep what layer_backward needs (else nothing). Of the last layer only the
  # keys and values are wanted of every token: what follows its attention is computed for those of index alone, [U, hidden].
  def layer(self: __torch__.Decoder, x: Tensor, number: int, spins: Tensor, blocks: List[int], masks: List[Optional[Tensor]], index: Tensor, keep: bool) -> Tuple[Tensor, List[Tensor]]:
    base = 5 + 22 * number
    plain = annotate(List[Tensor], [])
    n = self.narrow(self.norm(x, base))
    mixed, seen = self.mix(self.project(n, base, plain), base, spins, blocks, masks, keep)
    passed_by = x
    if self.is_last(number):
      mixed = torch.index_select(mixed, 0, index)
      passed_by = torch.index_select(x, 0, index)
    y1 = self.wide(self.linear(mixed, base + 7, plain))
    x1 = self.residual(passed_by, y1, base + 20)
    n1, both = self.gates(x1, base, plain)
    through = annotate(List[Tensor], [])
    if keep and self.keep_opened:
      passed, opened = self.opened(both, base)
      through = [passed, opened]
      y2 = self.wide(self.linear(passed, base + 16, plain))
    else:
      y2 = self.descended(both, base, plain)
    kept = annotate(List[Tensor], [])
    if keep:
      kept = torch.add([x, n, mixed, x1, n1, both], through)
      if self.output_norms:
        kept = torch.add(kept, [y1, y2])
      kept = torch.add(kept, seen)
    return (self.residual(x1, y2, base + 21), kept)

  # Adds each row of g [*, features] to that of so many rows of zeros which index tells; float32.
  def spread(self: __torch__.Decoder, g: Tensor, index: Tensor, rows: int) -> Tensor:
    return torch.index_add_(torch.zeros([rows, torch.size(g, 1)], dtype=6, device=ops.prim.device(g)), 0, index, self.wide(g))

  # The gradient with respect to the layer's input from that of its output, g; those of its weights are added to the gradients.
  # Without carry, which only the first layer may lack, the result is empty.
  def layer_backward(self: __torch__.Decoder, g: Tensor, number: int, spins: Tensor, blocks: List[int], masks: List[Optional[Tensor]], index: Tensor, kept: List[Tensor], carry: bool) -> Tensor:
    base = 5 + 22 * number
    x, n, mixed, x1, n1, both = torch.slice(kept, 0, 6)
    seen = 6
    if self.keep_opened:
      passed = kept[6]
      opened = kept[7]
      seen = 8
    else:
      passed, opened = self.opened(both, base)
    of_y2 = g
    if self.output_norms:
      of_y2 = self.norm_backward(g, kept[seen + 1], base + 21, True)
    inner = self.narrow(self.linear_backward(of_y2, passed, base + 16))
    of_gates = self.gates_backward(inner, opened, both, passed, base)
    of_n1 = self.wide(self.projections_backward(of_gates, n1, base + 12, self.gate_widths(base), True))
    g1 = torch.add_(self.norm_backward(of_n1, x1, base + 11, True), g)
    of_y1 = g1
    if self.output_norms:
      of_y1 = self.norm_backward(g1, kept[seen], base + 20, True)
      seen = seen + 2
    of_mixed = self.linear_backward(of_y1, mixed, base + 7)
    if self.is_last(number):
      of_mixed = self.spread(of_mixed, index, torch.size(x, 0))
    of_parts = self.mix_backward(of_mixed, base, spins, blocks, masks, torch.slice(kept, seen))
    through = carry or self.places[base] >= 0
    of_n = self.wide(self.projections_backward(of_parts, n, base + 1, self.widths(), through))
    if not through:
      return of_n
    back = self.norm_backward(of_n, x, base, carry)
    if carry and self.is_last(number):
      back = torch.index_add_(back, 0, index, g1)
    elif carry:
      back = torch.add_(back, g1)
    return back

  # Before a pass over the tokens: those that go through all of the last layer, [U], and which of them each of index [S] is. A prompt's last
  # token is in index once for every row that shares it.
  def through_last(self: __torch__.Decoder, index: Tensor) -> Tuple[Tensor, Tensor]:
    chosen, which, _ = torch._unique2(index, True, True, False)
    if torch.len(self.token_keys) > 0:
      self.token_keys = [self.token_keys[0], torch.index_select(self.token_keys[0], 0, chosen)]
    return (chosen, which)

  # The states that predict, [S, hidden].
  def states(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor) -> Tensor:
    chosen, which = self.through_last(index)
    spins = self.spins(positions)
    cut = self.whole(blocks)
    masks = self.masks(cut, ops.prim.device(ids))
    x = self.embed(ids, positions)
    for number in range(self.layers):
      x, _ = self.layer(x, number, spins, cut, masks, chosen, False)
    return torch.index_select(self.norm(x, 1), 0, which)

  def logits(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor) -> Tensor:
    return self.vocabulary(self.states(ids, positions, blocks, index), annotate(List[Tensor], []))

  def score(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor, targets: Tensor, temperature: Tensor) -> Tensor:
    return self.head(self.states(ids, positions, blocks, index), targets, temperature, 0)[0]

  # Log-probabilities [S], and the number of the tape with what backward_graph needs: these, the states, the last layer's output, kept chunks
  # of the head, and of every layer what it keeps (with recompute its input alone). The tape stays here: to hand out hundreds of tensors takes
  # longer than the threads wait for work before they sleep.
  def forward_graph(self: __torch__.Decoder, ids: Tensor, positions: Tensor, blocks: Tensor, index: Tensor, targets: Tensor, temperature: Tensor) -> List[Tensor]:
    spins = self.spins(positions)
    chosen, which = self.through_last(index)
    cut = self.whole(blocks)
    masks = self.masks(cut, ops.prim.device(ids))
    torch.set_grad_enabled(False)
    x = self.embed(ids, positions)
    tape = annotate(List[Tensor], [])
    for number in range(self.layers):
      y, kept = self.layer(x, number, spins, cut, masks, chosen, not self.recompute)
      if self.recompute:
        kept = [x]
      tape = torch.add(tape, kept)
      x = y
    states = torch.index_select(self.norm(x, 1), 0, which)
    scores = self.head(states, targets, temperature, self.head_kept)
    tape = torch.add(torch.add([scores[0], states, x], torch.slice(scores, 1)), tape)
    self.tapes = torch.add(self.tapes, [tape])
    return [scores[0], torch.tensor(torch.len(self.tapes) - 1)]

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
    chosen, which = self.through_last(index)
    g = self.norm_backward(self.spread(g, which, torch.size(last, 0)), last, 1, True)
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
        _1, part = self.layer(part[0], number, spins, cut, masks, chosen, True)
      g = self.layer_backward(g, number, spins, cut, masks, chosen, part, number > 0 or self.all_trained)
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

  # The next gradients are put where those of an earlier step were: to get as much memory anew takes longer than to fill it.
  def lend_gradients(self: __torch__.Decoder, any: Tensor, spare: List[Tensor]) -> Tensor:
    self.spare = spare
    return any

  # Adds the gradients of other kernels of the same model, which have some, and gives them away, used up.
  def take_gradients(self: __torch__.Decoder, any: Tensor, other: __torch__.Decoder) -> List[Tensor]:
    if torch.len(self.gradients) == 0:
      _0 = self.zero_gradients(any)
    torch._foreach_add_(self.gradients, other.gradients)
    used = other.gradients
    _1 = other.drop_gradients(any)
    return used

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
