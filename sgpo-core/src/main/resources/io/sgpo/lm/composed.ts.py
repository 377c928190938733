
  # ---- attention that the engine has not: capped scores, windows that differ from layer to layer (Gemma 2, arXiv 2408.00118, section 2) ----

  # Scores s become cap tanh(s / cap), in float32. Queries come scaled.

  # Whether scoring and training attend this way.
  def composed(self: __torch__.Decoder) -> bool:
    return self.score_cap > 0. or self.alternating

  # The capped scores, and tanh(s / cap); s is used up. Without a cap the scores twice.
  def capped_scores(self: __torch__.Decoder, scores: Tensor) -> Tuple[Tensor, Tensor]:
    if self.score_cap == 0.:
      return (scores, scores)
    bent = torch.tanh_(torch.div_(scores, self.score_cap))
    return (torch.mul(bent, self.score_cap), bent)

  # The gradient of the scores from that of the capped ones, g, in its place; bent = tanh(s / cap) is used up.
  def capped_backward(self: __torch__.Decoder, g: Tensor, bent: Tensor) -> Tensor:
    if self.score_cap == 0.:
      return g
    return torch.mul_(g, torch.rsub(torch.mul_(bent, bent), 1.)) # d cap tanh(s / cap) / ds = 1 - tanh(s / cap)^2

  # The probabilities of q [*, T, D] on k [*, S, D], mask [*, T, S] or [1], in the type of q; scores are float32.
  def capped_shares(self: __torch__.Decoder, q: Tensor, k: Tensor, mask: Tensor) -> Tensor:
    scores, _ = self.capped_scores(self.wide(torch.matmul(q, torch.transpose(k, -2, -1))))
    return torch.to(torch.softmax(torch.add_(scores, mask), -1), ops.prim.dtype(q))

  # Capped attention of q [*, T, D] on k, v [*, S, D]; without a mask everything is seen.
  def capped(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    added = torch.zeros([1], device=ops.prim.device(q))
    if mask is not None:
      added = self.given(mask)
    return torch.matmul(self.capped_shares(q, k, added), v)

  # The same of q [B, H, T, D] on k, v [B, G, S, D], mask [*, T, S].
  def attend_capped(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    k = self.repeated(k)
    v = self.repeated(v)
    parts = annotate(List[Tensor], [])
    for start in range(0, torch.size(q, 2), self.tile_queries):
      end = start + self.tile_queries
      shares = self.capped_shares(torch.slice(q, 2, start, end), k, torch.slice(mask, -2, start, end))
      parts = torch.add(parts, [torch.matmul(shares, v)])
    return torch.cat(parts, 2)
