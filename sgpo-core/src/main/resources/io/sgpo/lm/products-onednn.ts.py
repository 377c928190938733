
  # ---- matrix products, by oneDNN on the CPU ----

  # In float32 oneDNN multiplies about a quarter faster than the library behind torch.mm, and with packed weights a few rows take two to
  # three times less, but a single one does not; in bfloat16 only packing pays. A call costs about 15 microseconds, too much for small matrices.

  def small(self: __torch__.Decoder, w: Tensor) -> bool:
    return torch.numel(w) < 65536

  # w in any order of its numbers
  def onednn(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, bias, "none", annotate(List[Optional[number]], []), "")

  # x w' + bias
  def product(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    if ops.prim.dtype(x) != 6 or self.small(w):
      return torch.linear(x, w, bias)
    return self.onednn(x, w, bias)

  # The same where w lies packed too, if it does.
  def product_with(self: __torch__.Decoder, x: Tensor, w: Tensor, packed: Tensor, bias: Optional[Tensor]) -> Tensor:
    if torch.numel(packed) == 0:
      return self.product(x, w, bias)
    return self.onednn(x, packed, bias)

  # g w
  def product_back(self: __torch__.Decoder, g: Tensor, w: Tensor) -> Tensor:
    if ops.prim.dtype(g) != 6 or self.small(w):
      return torch.mm(g, w)
    return self.onednn(g, torch.t(w), None)

  # g' x; turning g round pays where x is wide.
  def product_of_columns(self: __torch__.Decoder, g: Tensor, x: Tensor) -> Tensor:
    if ops.prim.dtype(g) != 6 or torch.size(x, 1) < 512:
      return torch.mm(torch.t(g), x)
    return self.onednn(torch.contiguous(torch.t(g)), torch.t(x), None)

  # The matrices of the products in the order in which oneDNN reads them; in the other places nothing.
  def pack(self: __torch__.Decoder, any: Tensor) -> List[Tensor]:
    empty = torch.empty([0])
    packed = annotate(List[Tensor], [])
    for slot in range(torch.len(self.joined)):
      w = self.joined[slot]
      if (slot == 2 or slot > 4) and torch.dim(w) == 2 and not self.small(w):
        _0 = torch.append(packed, ops.mkldnn._reorder_linear_weight(torch.contiguous(w), 32))
      else:
        _1 = torch.append(packed, empty)
    return packed

  # Whether all this works here in compute_type; if not, it fails.
  def probe(self: __torch__.Decoder, any: Tensor) -> Tensor:
    x = torch.ones([2, 2], dtype=self.compute_type)
    return self.wide(self.onednn(x, ops.mkldnn._reorder_linear_weight(x, 32), None))
