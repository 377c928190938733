
  # ---- attention that the engine has not: capped scores, windows that differ from layer to layer (Gemma 2, arXiv 2408.00118, section 2) ----

  # Scores s become cap tanh(s / cap). They are computed for some queries at a time (tile_queries) and again in the backward pass, so no
  # layer keeps any. Queries come scaled.

  # Whether scoring and training attend this way.
  def composed(self: __torch__.Decoder) -> bool:
    return self.score_cap > 0. or self.alternating

  # The probabilities of q [*, T, D] on k [*, S, D], mask [*, T, S] or [1]; and tanh(s / cap) in float32, or something where nothing is capped.
  def capped_shares(self: __torch__.Decoder, q: Tensor, k: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
    scores = self.wide(torch.matmul(q, torch.transpose(k, -2, -1)))
    bent = mask
    if self.score_cap > 0.:
      bent = torch.tanh_(torch.div_(scores, self.score_cap))
      scores = torch.mul(bent, self.score_cap)
    shares = torch.softmax(torch.add_(scores, mask), -1)
    return (torch.to(shares, ops.prim.dtype(q)), bent)

  # Capped attention of q [*, T, D] on k, v [*, S, D]; without a mask everything is seen.
  def capped(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    added = torch.zeros([1], device=ops.prim.device(q))
    if mask is not None:
      added = self.given(mask)
    shares, _ = self.capped_shares(q, k, added)
    return torch.matmul(shares, v)

  # The same of q [B, H, T, D] on k, v [B, G, S, D], mask [*, T, S].
  def attend_capped(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    k = self.repeated(k)
    v = self.repeated(v)
    parts = annotate(List[Tensor], [])
    for start in range(0, torch.size(q, 2), self.tile_queries):
      end = start + self.tile_queries
      shares, _ = self.capped_shares(torch.slice(q, 2, start, end), k, torch.slice(mask, -2, start, end))
      parts = torch.add(parts, [torch.matmul(shares, v)])
    return torch.cat(parts, 2)

  # What is added to the scores of queries at positions from first to last - 1 on the keys before last: 0 or minus infinity.
  def hidden_keys(self: __torch__.Decoder, first: int, last: int, window: int, device: Device) -> Tensor:
    keys = torch.arange(last, dtype=6, device=device)
    return torch.log_(torch.to(self.visible(torch.slice(keys, 0, first), keys, window), 6))

  # q [B, H, T, D] on k, v [B, G, S, D] -> [B, H, T, D]; the last query is at the position of the last key.
  def attend_composed(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    k = self.repeated(k)
    v = self.repeated(v)
    width = torch.size(q, 2)
    before = torch.size(k, 2) - width
    parts = annotate(List[Tensor], [])
    for start in range(0, width, self.tile_queries):
      end = ops.prim.min(start + self.tile_queries, width)
      mask = self.hidden_keys(before + start, before + end, window, ops.prim.device(q))
      shares, _ = self.capped_shares(torch.slice(q, 2, start, end), torch.slice(k, 2, 0, before + end), mask)
      parts = torch.add(parts, [torch.matmul(shares, torch.slice(v, 2, 0, before + end))])
    return torch.cat(parts, 2)

  # The gradients with respect to q, k and v from that of attend_composed, g.
  def attend_composed_backward(self: __torch__.Decoder, g: Tensor, q: Tensor, k: Tensor, v: Tensor, window: int) -> Tuple[Tensor, Tensor, Tensor]:
    whole_k = self.repeated(k)
    whole_v = self.repeated(v)
    of_k = torch.zeros_like(whole_k)
    of_v = torch.zeros_like(whole_v)
    width = torch.size(q, 2)
    before = torch.size(k, 2) - width
    parts = annotate(List[Tensor], [])
    for start in range(0, width, self.tile_queries):
      end = ops.prim.min(start + self.tile_queries, width)
      g1 = torch.slice(g, 2, start, end)
      q1 = torch.slice(q, 2, start, end)
      k1 = torch.slice(whole_k, 2, 0, before + end)
      v1 = torch.slice(whole_v, 2, 0, before + end)
      shares, bent = self.capped_shares(q1, k1, self.hidden_keys(before + start, before + end, window, ops.prim.device(q)))
      of_shares = torch.matmul(g1, torch.transpose(v1, 2, 3))
      of_scores = torch._softmax_backward_data(of_shares, shares, -1, ops.prim.dtype(shares))
      if self.score_cap > 0.:
        of_scores = torch.mul_(of_scores, torch.rsub(torch.mul_(bent, bent), 1.)) # d cap tanh(s / cap) / ds = 1 - tanh(s / cap)^2
      parts = torch.add(parts, [torch.matmul(of_scores, k1)])
      _0 = torch.add_(torch.slice(of_k, 2, 0, before + end), torch.matmul(torch.transpose(of_scores, 2, 3), q1))
      _1 = torch.add_(torch.slice(of_v, 2, 0, before + end), torch.matmul(torch.transpose(shares, 2, 3), g1))
    return (torch.cat(parts, 2), self.of_shared(of_k), self.of_shared(of_v))

  # The sum over the query heads that share a key/value head: [B, H, S, D] -> [B, G, S, D].
  def of_shared(self: __torch__.Decoder, g: Tensor) -> Tensor:
    return torch.sum(torch.unflatten(g, 1, [self.kv_heads, -1]), [2])
