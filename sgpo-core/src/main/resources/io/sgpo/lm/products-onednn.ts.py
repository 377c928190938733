
  # ---- matrix products, by oneDNN on the CPU ----

  # In float32 oneDNN multiplies about a quarter faster than the library behind torch.mm, and with packed weights a few rows take two to
  # three times less; in bfloat16 only packing pays.

  # x w' + bias
  def product(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    if ops.prim.dtype(x) != 6:
      return torch.linear(x, w, bias)
    return self.packed_product(x, w, bias)

  # g w
  def product_back(self: __torch__.Decoder, g: Tensor, w: Tensor) -> Tensor:
    if ops.prim.dtype(g) != 6:
      return torch.mm(g, w)
    return self.packed_product(g, torch.t(w), None)

  # g' x; turning g round pays where x is wide.
  def product_of_columns(self: __torch__.Decoder, g: Tensor, x: Tensor) -> Tensor:
    if ops.prim.dtype(g) != 6 or torch.size(x, 1) < 512:
      return torch.mm(torch.t(g), x)
    return self.packed_product(torch.contiguous(torch.t(g)), torch.t(x), None)

  def packed_product(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, bias, "none", annotate(List[Optional[number]], []), "")

  # The weights in the order in which oneDNN reads them; what is no matrix of a product is empty.
  def pack(self: __torch__.Decoder, any: Tensor) -> List[Tensor]:
    empty = torch.empty([0])
    packed = annotate(List[Tensor], [])
    for slot in range(torch.len(self.weights)):
      w = torch.detach(self.weights[slot])
      if slot > 1 and torch.dim(w) == 2:
        _0 = torch.append(packed, ops.mkldnn._reorder_linear_weight(w, 32))
      else:
        _1 = torch.append(packed, empty)
    return packed

  # Whether all this works here in compute_type; if not, it fails.
  def probe(self: __torch__.Decoder, any: Tensor) -> Tensor:
    x = torch.ones([2, 2], dtype=self.compute_type)
    return self.wide(self.packed_product(x, ops.mkldnn._reorder_linear_weight(x, 32), None))
