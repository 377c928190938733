
  # ---- matrix products, by PyTorch's own operators ----

  # x w' + bias. A single row in float32 goes through the matrix product as two equal columns, except where it is long: the
  # matrix-vector product of the CPU's library reads such matrices at half the rate.
  def product(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    if torch.numel(x) != torch.size(w, 1) or torch.numel(x) > 2048 or ops.prim.dtype(x) != 6:
      return torch.linear(x, w, bias)
    row = torch.view(x, [1, -1])
    y = torch.view(torch.contiguous(torch.select(torch.mm(w, torch.t(torch.cat([row, row]))), 1, 0)), torch.add(torch.slice(torch.size(x), None, -1, 1), [-1]))
    if bias is not None:
      y = torch.add(y, bias)
    return y

  # g w
  def product_back(self: __torch__.Decoder, g: Tensor, w: Tensor) -> Tensor:
    return torch.mm(g, w)

  # g' x
  def product_of_columns(self: __torch__.Decoder, g: Tensor, x: Tensor) -> Tensor:
    return torch.mm(torch.t(g), x)

  def packed_product(self: __torch__.Decoder, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    return self.product(x, w, bias)

  # No packed weights.
  def pack(self: __torch__.Decoder, any: Tensor) -> List[Tensor]:
    return [any]

  def probe(self: __torch__.Decoder, any: Tensor) -> Tensor:
    return any
