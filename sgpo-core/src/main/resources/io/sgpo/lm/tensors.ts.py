
  # ---- tensors of compute_type, which Java cannot make, and parts of tensors ----

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
