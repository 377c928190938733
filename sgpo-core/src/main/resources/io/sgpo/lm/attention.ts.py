
  # ---- attention over blocks, in scoring, training and reading prompts ----

  # Without a graph: forward keeps what backward needs. On the CPU (tile_keys) scores are computed for some queries at a time, all their keys
  # at once. Where keys are few the probabilities are kept; elsewhere they are computed again in bfloat16, and in float32 the engine's fused
  # attention is used, which keeps none, with a graph of its own. In bfloat16 what a row gives does thus not depend on the rows beside it.
  # Composed attention, which the engine has not, goes by tiles everywhere and keeps no probabilities.

  # Cosine + i sine of the positions, [*, 1, D / 2], complex.
  def spins(self: __torch__.Decoder, positions: Tensor) -> Tensor:
    angle = torch.unsqueeze(torch.mul(torch.unsqueeze(positions, -1), self.frequencies[0]), -2)
    cosine, sine = self.lengthened(torch.cos(angle), torch.sin(angle))
    return torch.complex(cosine, sine)

  # Rotary position of x [*, heads, D], in float32: the pairs (i, i + D / 2) times the spins. They come to lie next to each other, an order
  # that the products of queries and keys do not see.
  def spun(self: __torch__.Decoder, x: Tensor, spins: Tensor) -> Tensor:
    low, high = torch.chunk(self.wide(x), 2, -1)
    return torch.flatten(torch.view_as_real(torch.mul_(torch.complex(low, high), spins)), -2)

  # The gradient of the argument of spun from that of its result, g [N, heads, D], in float32, [N, heads, 2, D / 2].
  def spun_backward(self: __torch__.Decoder, g: Tensor, spins: Tensor) -> Tensor:
    pairs = torch.view_as_complex(torch.unflatten(torch.to(g, 6, False, True), 2, [-1, 2]))
    return torch.transpose(torch.view_as_real(torch.mul_(pairs, torch.conj_physical(spins))), 2, 3)

  # The most keys that a query of a block has.
  def most_keys(self: __torch__.Decoder, blocks: List[int]) -> int:
    most = 0
    for i in range(torch.floordiv(torch.len(blocks), 3)):
      keys = blocks[3 * i + 1]
      parent = blocks[3 * i + 2]
      if parent >= 0:
        keys = keys + blocks[3 * parent + 1]
      if keys > most:
        most = keys
    return most

  # Whether attention is computed by tiles.
  def tiled(self: __torch__.Decoder, blocks: List[int]) -> bool:
    return self.composed() or (self.tile_keys > 0 and (self.compute_type != 6 or self.keeps(blocks)))

  # Whether tiles keep their probabilities.
  def keeps(self: __torch__.Decoder, blocks: List[int]) -> bool:
    return not self.composed() and self.most_keys(blocks) <= self.tile_keys

  # The type in which scoring and training attend.
  def attention_type(self: __torch__.Decoder) -> int:
    if self.composed():
      return 6
    return self.compute_type

  # What is added to scores: 0 where something is seen and minus infinity elsewhere. For tiles one mask, that of a tile's own positions and of
  # keys that make it even, with a row for every query, [tile_queries * shared, tile_queries + tile_step]; shared queries have a key/value head
  # in common. For the fused attention one for each block, [width, keys], or None where it is plainly causal.
  def masks(self: __torch__.Decoder, blocks: List[int], device: Device) -> List[Optional[Tensor]]:
    masks = annotate(List[Optional[Tensor]], [])
    if self.tiled(blocks):
      own : Optional[Tensor] = self.of_queries(torch.slice(self.hidden_keys(0, self.tile_queries + self.tile_step, 0, device), 0, 0, self.tile_queries))
      _0 = torch.append(masks, own)
      return masks
    for i in range(torch.floordiv(torch.len(blocks), 3)):
      mask : Optional[Tensor] = None
      width = blocks[3 * i + 1]
      parent = blocks[3 * i + 2]
      before = 0
      if parent >= 0:
        before = blocks[3 * parent + 1]
      if before > 0 or self.hides(before + width, self.window):
        mask = self.narrow(self.hidden_keys(before, before + width, self.window, device))
      _1 = torch.append(masks, mask)
    return masks

  # How many queries share a key/value head.
  def shared(self: __torch__.Decoder) -> int:
    return torch.floordiv(self.heads, self.kv_heads)

  # A mask [positions, keys] with a row for every query of a position.
  def of_queries(self: __torch__.Decoder, mask: Tensor) -> Tensor:
    return torch.to(torch.repeat_interleave(mask, self.shared(), 0), self.attention_type())

  # Whether the last of so many positions does not see the first.
  def hides(self: __torch__.Decoder, keys: int, window: int) -> bool:
    return window > 0 and keys > window

  # What is added to the scores of queries at positions from first to last - 1 on the keys before last: 0 or minus infinity.
  def hidden_keys(self: __torch__.Decoder, first: int, last: int, window: int, device: Device) -> Tensor:
    keys = torch.arange(last, dtype=6, device=device)
    return torch.log_(torch.to(self.visible(torch.slice(keys, 0, first), keys, window), 6))

  # What masks gives where something is.
  def given(self: __torch__.Decoder, mask: Optional[Tensor]) -> Tensor:
    return unchecked_cast(Tensor, mask)

  # So many keys, and where these are not few, some more that no query sees: of other lengths the engine takes the rest of every row
  # number by number, in bfloat16 up to half as long again.
  def evened(self: __torch__.Decoder, keys: int) -> int:
    if keys < self.even_from:
      return keys
    return torch.floordiv(keys + self.tile_step - 1, self.tile_step) * self.tile_step

  # Keys or values of a block's rows, [rows * width, G, D], behind those of the parent, [keys, G, D] or empty: [rows, G, keys, D]; with even so
  # many zeros behind them that they are as many as evened says.
  def lined_up(self: __torch__.Decoder, x: Tensor, rows: int, parent: Tensor, even: bool) -> Tensor:
    parts = [torch.transpose(torch.unflatten(x, 0, [rows, -1]), 1, 2)]
    if torch.numel(parent) > 0:
      first = torch.expand(torch.unsqueeze(torch.transpose(parent, 0, 1), 0), [rows, -1, -1, -1])
      parts = [first, parts[0]]
    keys = torch.floordiv(torch.size(x, 0), rows) + torch.size(parent, 0)
    if even and self.evened(keys) > keys:
      sizes = [rows, self.kv_heads, self.evened(keys) - keys, self.head_dim]
      parts = torch.add(parts, [torch.zeros(sizes, dtype=ops.prim.dtype(x), device=ops.prim.device(x))])
    if torch.len(parts) > 1:
      return torch.cat(parts, 2)
    if even:
      return torch.contiguous(parts[0])
    return parts[0]

  # Queries of a block's rows, or what is like them, [rows * width, H, D]: for every row and key/value head those that share it,
  # [rows * G, width * H / G, D].
  def grouped(self: __torch__.Decoder, x: Tensor, rows: int) -> Tensor:
    apart = torch.transpose(torch.reshape(x, [rows, -1, self.kv_heads, self.shared() * self.head_dim]), 1, 2)
    return torch.view(torch.contiguous(apart), [rows * self.kv_heads, -1, self.head_dim])

  # Puts the queries from start to end - 1 of those that grouped gives, x [rows * G, end - start, D], to their places in target [rows, width, H, D].
  def ungroup(self: __torch__.Decoder, x: Tensor, start: int, end: int, target: Tensor) -> Tensor:
    shared = self.shared()
    place = torch.slice(target, 1, torch.floordiv(start, shared), torch.floordiv(end, shared))
    place = torch.transpose(torch.unflatten(place, 2, [self.kv_heads, shared]), 1, 2)
    return torch.copy_(place, torch.view(x, torch.size(place)))

  # The probabilities of the queries from start to end - 1, of q [B, S, D], scaled, on k [B, keys, D]; mask as masks gives it. The queries of
  # a position are shared rows; the last position sees all keys but those that only make them even, each before it one less. first keys are
  # of positions before all queries. Where scores are capped, also tanh(s / cap).
  def tile(self: __torch__.Decoder, q: Tensor, k: Tensor, first: int, mask: Tensor, window: int, start: int, end: int) -> Tuple[Tensor, Tensor]:
    own = torch.floordiv(end - start, self.shared())
    keys = first + torch.floordiv(end, self.shared())
    width = self.evened(keys)
    scores = torch.bmm(torch.slice(q, 1, start, end), torch.transpose(torch.slice(k, 1, 0, width), 1, 2))
    scores, bent = self.capped_scores(scores)
    if self.hides(keys, window):
      hidden = self.hidden_keys(keys - own, width, window, ops.prim.device(q))
      _0 = torch.add_(scores, self.of_queries(torch.slice(hidden, 0, 0, own)))
    else:
      _1 = torch.add_(torch.slice(scores, 2, keys - own), torch.slice(torch.slice(mask, 0, 0, end - start), 1, 0, own + width - keys))
    return (torch._softmax(scores, -1, False, out=scores), bent)

  # Queries of a tile.
  def queries_at_once(self: __torch__.Decoder) -> int:
    return self.shared() * self.tile_queries

  # Attention by tiles, on v [B, keys, D], into target [rows, width, H, D]; with keep the probabilities of each.
  def attend_tiles(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, first: int, mask: Tensor, window: int, keep: bool, target: Tensor) -> List[Tensor]:
    kept = annotate(List[Tensor], [])
    for start in range(0, torch.size(q, 1), self.queries_at_once()):
      end = ops.prim.min(start + self.queries_at_once(), torch.size(q, 1))
      shares, _ = self.tile(q, k, first, mask, window, start, end)
      _0 = self.ungroup(torch.bmm(shares, torch.slice(v, 1, 0, torch.size(shares, 2))), start, end, target)
      if keep:
        kept = torch.add(kept, [shares])
    return kept

  # The gradients with respect to k and v from that of attend_tiles, g, grouped; that of q goes into target [rows, width, H, D]. Probabilities
  # that are not kept are computed again.
  def attend_tiles_backward(self: __torch__.Decoder, g: Tensor, q: Tensor, k: Tensor, v: Tensor, first: int, kept: List[Tensor], mask: Tensor, window: int, target: Tensor) -> Tuple[Tensor, Tensor]:
    step = self.queries_at_once()
    count = torch.floordiv(torch.size(q, 1) + step - 1, step)
    of_k = g
    of_v = g
    for i in range(count):
      number = count - 1 - i
      start = number * step
      end = ops.prim.min(start + step, torch.size(q, 1))
      bent = mask
      if torch.len(kept) > 0:
        shares = kept[number]
      else:
        shares, bent = self.tile(q, k, first, mask, window, start, end)
      keys = torch.size(shares, 2)
      g1 = torch.slice(g, 1, start, end)
      q1 = torch.slice(q, 1, start, end)
      of_shares = torch.bmm(g1, torch.transpose(torch.slice(v, 1, 0, keys), 1, 2))
      of_scores = self.capped_backward(torch._softmax_backward_data(of_shares, shares, -1, ops.prim.dtype(shares)), bent)
      _0 = self.ungroup(torch.bmm(of_scores, torch.slice(k, 1, 0, keys)), start, end, target)
      k1 = torch.bmm(torch.transpose(of_scores, 1, 2), q1)
      v1 = torch.bmm(torch.transpose(shares, 1, 2), g1)
      if i == 0:
        of_k = k1
        of_v = v1
      else:
        _1 = torch.add_(torch.slice(of_k, 1, 0, keys), k1)
        _2 = torch.add_(torch.slice(of_v, 1, 0, keys), v1)
    return (of_k, of_v)

  # The fused attention of q [B, H, T, D], scaled, on k, v [B, G, S, D] -> [B, H, T, D]; without a mask, causal.
  def attend_fused(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    return torch.scaled_dot_product_attention(q, self.repeated(k), self.repeated(v), mask, 0., mask is None, scale=1.)

  # Key/value heads [B, G, S, D] repeated for the query heads that share them, [B, H, S, D].
  def repeated(self: __torch__.Decoder, x: Tensor) -> Tensor:
    if self.shared() == 1:
      return x
    return torch.flatten(torch.expand(torch.unsqueeze(x, 2), [-1, -1, self.shared(), -1, -1]), 1, 2)

  # The tokens of each block.
  def cuts(self: __torch__.Decoder, blocks: List[int]) -> List[int]:
    sizes = annotate(List[int], [])
    for i in range(torch.floordiv(torch.len(blocks), 3)):
      _0 = torch.append(sizes, blocks[3 * i] * blocks[3 * i + 1])
    return sizes

  # Queries q [N, H, D], turned and scaled, on k [N, G, D], turned, and v [N, G, D] -> [N, H * D] in their type, and with keep what the backward
  # pass needs: of every block q, k and v as they are multiplied, then the probabilities, if they are kept, or the result with its graph.
  def attend_blocks(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, blocks: List[int], masks: List[Optional[Tensor]], window: int, keep: bool) -> Tuple[Tensor, List[Tensor]]:
    tiled = self.tiled(blocks)
    sizes = self.cuts(blocks)
    qs = torch.split_with_sizes(q, sizes)
    ks = torch.split_with_sizes(k, sizes)
    vs = torch.split_with_sizes(v, sizes)
    result = torch.empty_like(q)
    wholes = torch.split_with_sizes(result, sizes)
    kept = annotate(List[Tensor], [])
    for i in range(torch.len(sizes)):
      rows = blocks[3 * i]
      parent = blocks[3 * i + 2]
      k0 = torch.empty([0])
      v0 = k0
      if parent >= 0:
        k0 = ks[parent]
        v0 = vs[parent]
      k1 = self.lined_up(ks[i], rows, k0, tiled)
      v1 = self.lined_up(vs[i], rows, v0, tiled)
      target = torch.unflatten(wholes[i], 0, [rows, -1])
      if tiled:
        q1 = self.grouped(qs[i], rows)
        k1 = torch.flatten(k1, 0, 1)
        v1 = torch.flatten(v1, 0, 1)
        shares = self.attend_tiles(q1, k1, v1, torch.size(k0, 0), self.given(masks[0]), window, keep and self.keeps(blocks), target)
        if keep:
          kept = torch.add(torch.add(kept, [q1, k1, v1]), shares)
      else:
        q1 = torch.transpose(torch.unflatten(qs[i], 0, [rows, -1]), 1, 2)
        if keep:
          q1 = torch.requires_grad_(torch.detach(q1), True)
          k1 = torch.requires_grad_(torch.detach(k1), True)
          v1 = torch.requires_grad_(torch.detach(v1), True)
        torch.set_grad_enabled(keep)
        seen = self.attend_fused(q1, k1, v1, masks[i])
        torch.set_grad_enabled(False)
        _0 = torch.copy_(target, torch.transpose(torch.detach(seen), 1, 2))
        if keep:
          kept = torch.add(kept, [q1, k1, v1, seen])
    return (torch.flatten(result, 1), kept)

  # The gradients of q, k and v side by side in their type, [N, H + 2 G, D], from that of attend_blocks, g [N, H * D], and what it kept.
  def attend_blocks_backward(self: __torch__.Decoder, g: Tensor, blocks: List[int], masks: List[Optional[Tensor]], window: int, kept: List[Tensor]) -> Tensor:
    tiled = self.tiled(blocks)
    g = torch.unflatten(torch.to(g, self.attention_type()), 1, [self.heads, self.head_dim])
    heads = [self.heads, self.kv_heads, self.kv_heads]
    result = torch.empty([torch.size(g, 0), self.heads + 2 * self.kv_heads, self.head_dim], dtype=ops.prim.dtype(g), device=ops.prim.device(g))
    wholes = torch.split_with_sizes(result, self.cuts(blocks))
    gs = torch.split_with_sizes(g, self.cuts(blocks))
    below = annotate(List[Tensor], []) # for each block, in float32, the gradients of its keys and values by the blocks that see them
    for _ in range(torch.len(wholes)):
      _0 = torch.append(below, torch.empty([0]))
    place = 0
    for i in range(torch.len(wholes)):
      rows = blocks[3 * i]
      width = blocks[3 * i + 1]
      parent = blocks[3 * i + 2]
      before = 0
      if parent >= 0:
        before = blocks[3 * parent + 1]
      q1 = kept[place]
      k1 = kept[place + 1]
      v1 = kept[place + 2]
      own = torch.split_with_sizes(torch.unflatten(wholes[i], 0, [rows, width]), heads, 2)
      if tiled:
        end = place + 3
        if self.keeps(blocks):
          end = end + torch.floordiv(width + self.tile_queries - 1, self.tile_queries)
        shares = torch.slice(kept, place + 3, end)
        of_k, of_v = self.attend_tiles_backward(self.grouped(gs[i], rows), q1, k1, v1, before, shares, self.given(masks[0]), window, own[0])
        of_k = torch.unflatten(of_k, 0, [rows, -1])
        of_v = torch.unflatten(of_v, 0, [rows, -1])
        place = end
      else:
        of_mixed = torch.transpose(torch.unflatten(gs[i], 0, [rows, -1]), 1, 2)
        found = torch.grad([kept[place + 3]], [q1, k1, v1], annotate(List[Optional[Tensor]], [of_mixed]))
        _1 = torch.copy_(own[0], torch.transpose(torch.detach(self.given(found[0])), 1, 2))
        of_k = torch.detach(self.given(found[1]))
        of_v = torch.detach(self.given(found[2]))
        place = place + 4
      _2 = torch.copy_(own[1], torch.transpose(torch.slice(of_k, 2, before, before + width), 1, 2))
      _3 = torch.copy_(own[2], torch.transpose(torch.slice(of_v, 2, before, before + width), 1, 2))
      if parent >= 0:
        of_k = torch.sum(torch.slice(of_k, 2, 0, before), [0], False, dtype=6)
        of_v = torch.sum(torch.slice(of_v, 2, 0, before), [0], False, dtype=6)
        both = torch.transpose(torch.cat([of_k, of_v]), 0, 1)
        if torch.numel(below[parent]) == 0:
          below[parent] = both
        else:
          _4 = torch.add_(below[parent], both)
    for i in range(torch.len(wholes)):
      if torch.numel(below[i]) > 0:
        _5 = torch.add_(torch.slice(wholes[i], 1, self.heads), below[i])
    return result

  # The attention's part between its linear layers: what project gives, [N, (H + 2 G) * D] -> [N, H * D] in compute_type, and with keep what
  # the backward pass needs.
  def mix(self: __torch__.Decoder, whole: Tensor, base: int, spins: Tensor, blocks: List[int], masks: List[Optional[Tensor]], keep: bool) -> Tuple[Tensor, List[Tensor]]:
    type = self.attention_type()
    q, k, v = self.apart(whole)
    kept = annotate(List[Tensor], [])
    if self.query_key_norm:
      q = self.wide(q)
      k = self.wide(k)
      if keep:
        kept = [q, k]
      q = self.norm(q, base + 9)
      k = self.norm(k, base + 10)
    q = torch.to(self.spun(q, torch.mul(spins, self.score_scale)), type)
    k = torch.to(self.spun(k, spins), type)
    mixed, more = self.attend_blocks(q, k, torch.to(v, type, False, keep and not self.tiled(blocks)), blocks, masks, self.window_of(base), keep)
    return (self.narrow(mixed), torch.add(kept, more))

  # The gradient with respect to q, k and v, side by side, [N, (H + 2 G) * D], from that of mix, g; those of the norms are added to the gradients.
  def mix_backward(self: __torch__.Decoder, g: Tensor, base: int, spins: Tensor, blocks: List[int], masks: List[Optional[Tensor]], kept: List[Tensor]) -> Tensor:
    place = 0
    if self.query_key_norm:
      place = 2
    found = self.attend_blocks_backward(g, blocks, masks, self.window_of(base), torch.slice(kept, place))
    of_q, of_k, _ = torch.split_with_sizes(found, [self.heads, self.kv_heads, self.kv_heads], 1)
    _0 = self.turn_back(of_q, torch.mul(spins, self.score_scale), kept, 0, base + 9)
    _1 = self.turn_back(of_k, spins, kept, 1, base + 10)
    return torch.flatten(found, 1)

  # Replaces the gradient of turned queries or keys, g [N, heads, D], by that of the projected ones; kept[number] is what was normed at slot.
  def turn_back(self: __torch__.Decoder, g: Tensor, spins: Tensor, kept: List[Tensor], number: int, slot: int) -> Tensor:
    back = self.spun_backward(g, spins)
    if self.query_key_norm:
      return torch.copy_(g, self.norm_backward(torch.flatten(back, 2), kept[number], slot, True))
    if self.tile_keys > 0 and ops.prim.dtype(g) != 6: # a product puts them into another order faster than a copy does, and as exactly
      pairs = torch.to(torch.flatten(torch.transpose(back, 2, 3), 0, 1), ops.prim.dtype(g))
      return torch.copy_(g, torch.view(torch.mm(torch.flatten(pairs, 1), self.halving(g)), torch.size(g)))
    return torch.copy_(torch.unflatten(g, 2, [2, -1]), back)

  # Pairs (i, i + D / 2) that lie next to each other, [*, D], times this are halves again; [D, D].
  def halving(self: __torch__.Decoder, like: Tensor) -> Tensor:
    places = torch.arange(self.head_dim, device=ops.prim.device(like))
    pairs = torch.flatten(torch.t(torch.unflatten(places, 0, [2, -1])))
    return torch.to(torch.eq(torch.unsqueeze(pairs, 1), places), ops.prim.dtype(like))
