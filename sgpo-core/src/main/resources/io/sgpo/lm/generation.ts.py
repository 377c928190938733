
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

  # The places of slots [B, T] of every head in a layer's cache [B, G, C, D], taken as rows [B * G * C, D]; [B * G * T].
  def cache_rows(self: __torch__.Decoder, slots: Tensor, capacity: int) -> Tensor:
    heads = torch.arange(torch.size(slots, 0) * self.kv_heads, device=ops.prim.device(slots))
    first = torch.view(torch.mul(heads, capacity), [-1, self.kv_heads, 1])
    return torch.flatten(torch.add(first, torch.unsqueeze(slots, 1)))

  # Writes x, [B, G, T, D] or like it, to these places of a layer's cache. The engine's scatter widens the whole cache where it is bfloat16.
  def write(self: __torch__.Decoder, cache: Tensor, places: Tensor, x: Tensor) -> Tensor:
    _0 = torch.index_copy_(torch.flatten(cache, 0, 2), 0, places, torch.reshape(x, [-1, self.head_dim]))
    return cache

  # ids [B, T], last [B] of each row's last real token in the B * T positions -> its state [B, hidden], keys and values of the layers.
  # past is empty, or begins [B], the positions of the rows' first ids, and a cache that holds what is before them: it takes up their
  # keys and values, and only the states are returned.
  def read(self: __torch__.Decoder, ids: Tensor, last: Tensor, past: List[Tensor], packed: List[Tensor]) -> List[Tensor]:
    places = torch.arange(torch.size(ids, 1), device=ops.prim.device(ids))
    positions = torch.to(places, 6)
    caches = annotate(List[Tensor], [])
    block = [torch.size(ids, 0), torch.size(ids, 1), -1]
    tiled = torch.len(past) == 0 and self.tiled(block) and not self.composed()
    goes_on_tiled = torch.len(past) > 0 and self.tile_keys > 0 and self.compute_type != 6 and not self.composed()
    masks = annotate(List[Optional[Tensor]], [])
    if tiled:
      masks = self.masks(block, ops.prim.device(ids))
    elif torch.len(past) == 0:
      masks = self.bands(positions)
    else:
      slots = torch.add(torch.unsqueeze(past[0], 1), places)
      positions = torch.to(slots, 6)
      masks = self.behind(slots, torch.size(past[1], 3))
      places = self.cache_rows(slots, torch.size(past[1], 3))
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
      q = self.narrow(self.spun(q, torch.mul(spins, self.score_scale)))
      k = self.narrow(self.spun(k, spins))
      v = self.narrow(v)
      if torch.len(caches) > 0:
        k = torch.transpose(self.write(caches[2 * layer], places, torch.transpose(k, 1, 2)), 1, 2)
        v = torch.transpose(self.write(caches[2 * layer + 1], places, torch.transpose(v, 1, 2)), 1, 2)
      else:
        seen = torch.add(seen, [k, v])
      if tiled:
        mixed = self.attend_prompts(q, k, v, self.given(masks[0]), self.window_of(base))
      elif goes_on_tiled:
        mixed = self.attend_past(q, caches[2 * layer], caches[2 * layer + 1], self.given(self.of_layer(masks, layer)))
      else:
        mixed = self.attend(q, k, v, self.of_layer(masks, layer))
      if self.is_last(layer):
        mixed = torch.index_select(torch.flatten(mixed, 0, 1), 0, last)
        x = torch.index_select(torch.flatten(x, 0, 1), 0, last)
      x = self.feed_forward(self.attended(x, mixed, base, packed), base, packed)
    return torch.add([self.norm(x, 1)], seen)

  # Causal attention of q [B, T, H, D], scaled, on k, v [B, T, G, D] by tiles, with the mask of a tile -> [B, T, H * D].
  def attend_prompts(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, window: int) -> Tensor:
    target = torch.empty_like(q)
    rows = torch.size(q, 0)
    none = torch.empty([0])
    keys = torch.flatten(self.lined_up(torch.flatten(k, 0, 1), rows, none, True), 0, 1)
    values = torch.flatten(self.lined_up(torch.flatten(v, 0, 1), rows, none, True), 0, 1)
    _0 = self.attend_tiles(self.grouped(torch.flatten(q, 0, 1), rows), keys, values, 0, mask, window, False, target)
    return torch.flatten(target, 2)

  # The same of q on a cache's keys and values [B, G, S, D], mask [B, 1, T, S] in their type; with the roundings of tiles, which are as many
  # queries, and rows, as leave their scores near the processor.
  def attend_past(self: __torch__.Decoder, q: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
    target = torch.empty_like(q)
    tokens = torch.size(q, 1)
    each = self.heads * torch.size(keys, 2)
    step = ops.prim.min(self.rows_at_once(each, 1), ops.prim.min(self.tile_queries, tokens))
    rows = self.rows_at_once(each * step, 1)
    for row in range(0, torch.size(q, 0), rows):
      q1 = torch.slice(q, 0, row, row + rows)
      count = torch.size(q1, 0)
      grouped = self.grouped(torch.flatten(q1, 0, 1), count)
      k1 = torch.transpose(torch.flatten(torch.slice(keys, 0, row, row + rows), 0, 1), 1, 2)
      v1 = torch.flatten(torch.slice(values, 0, row, row + rows), 0, 1)
      for start in range(0, tokens, step):
        end = ops.prim.min(start + step, tokens)
        scores = torch.bmm(torch.slice(grouped, 1, start * self.shared(), end * self.shared()), k1)
        seen = torch.slice(torch.slice(mask, 0, row, row + rows), 2, start, end)
        _0 = torch.add_(torch.unflatten(torch.unflatten(scores, 1, [-1, self.shared()]), 0, [count, -1]), torch.unsqueeze(seen, 3))
        shares = torch._softmax(scores, -1, False, out=scores)
        _1 = self.ungroup(torch.bmm(shares, v1), start * self.shared(), end * self.shared(), torch.slice(target, 0, row, row + rows))
    return torch.flatten(target, 2)

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

  # What each row's query sees of the first slots, for each window, 0 or minus infinity, [B, 1, 1, slots], or where attend_products is to
  # take it, [B * G, 1, slots]; None when all of them.
  def seen(self: __torch__.Decoder, positions: Tensor, slots: int) -> List[Optional[Tensor]]:
    masks = annotate(List[Optional[Tensor]], [])
    shorter = int(torch.min(positions)) + 1 < slots
    for window in self.windows():
      mask : Optional[Tensor] = None
      if window > 0 or shorter:
        visible = self.visible(positions, torch.arange(slots, device=ops.prim.device(positions)), window)
        added = torch.unsqueeze(self.added_narrow(visible), 1)
        if self.by_products(torch.size(positions, 0)):
          mask = torch.repeat_interleave(added, self.kv_heads, 0)
        else:
          mask = torch.unsqueeze(added, 1)
      _0 = torch.append(masks, mask)
    return masks

  # How many slots are read of a cache that has so many, of which the first are in use. Where no queries share a head, heads are narrow and few
  # slots are not in use, all of them: the CPU reads short stretches with gaps between them at a third to two thirds of the rate of one without.
  def slots_read(self: __torch__.Decoder, used: int, slots: int, rows: int) -> int:
    narrow = self.compute_type == 6 and self.shared() == 1 and self.head_dim <= 64
    few = slots - used <= 64 and 2 * used >= slots
    if self.tile_keys > 0 and narrow and few and self.by_products(rows):
      return slots
    return used

  # Queries, scaled, and keys of what project gives [B, (H + 2 G) * D], turned, in compute_type, [B, H + G, D].
  def queries_and_keys(self: __torch__.Decoder, whole: Tensor, base: int, turns: Tensor) -> Tensor:
    heads = self.heads + self.kv_heads
    both = torch.unflatten(torch.narrow(whole, 1, 0, heads * self.head_dim), 1, [heads, self.head_dim])
    if self.query_key_norm:
      q, k = torch.split_with_sizes(self.wide(both), [self.heads, self.kv_heads], 1)
      both = torch.cat([self.norm(q, base + 9), self.norm(k, base + 10)], 1)
    return self.narrow(self.spun(both, turns))

  # Whether one query per row is attended by attend_products rather than the fused attention. It takes less time: in float32 for many rows
  # about a quarter less; on the CPU in bfloat16, where no queries share a head, a third of it, though keys and values are widened (40 to
  # 1,500 slots).
  def by_products(self: __torch__.Decoder, rows: int) -> bool:
    if self.score_cap > 0.:
      return False
    if self.compute_type != 6:
      return self.tile_keys > 0 and self.shared() == 1
    return rows > 1

  # q [N, Q, D] on k [N, S, D] -> [N, Q, S] in float32. In float32 on the CPU keys come first in their product: where they are not near the
  # processor, the library reads them faster so, up to three times. Those of bfloat16 have just been widened.
  def scores(self: __torch__.Decoder, q: Tensor, k: Tensor) -> Tensor:
    if self.compute_type == 6 and self.tile_keys > 0:
      return torch.contiguous(torch.transpose(torch.bmm(k, torch.transpose(q, 1, 2)), 1, 2))
    return torch.bmm(self.wide(q), torch.transpose(self.wide(k), 1, 2))

  # Queries [N, Q, D], scaled, on keys and values [N, S, D] -> [N, Q, D], by two products and a softmax in float32; mask [N, 1, S]. Some of the
  # N at a time where keys and values are in bfloat16, so that what is widened is found near the processor.
  def attend_products(self: __torch__.Decoder, q: Tensor, keys: Tensor, values: Tensor, mask: Optional[Tensor]) -> Tensor:
    step = torch.size(q, 0)
    if self.compute_type != 6:
      step = ops.prim.min(step, self.rows_at_once(8 * torch.size(keys, 1) * self.head_dim, 1))
    parts = annotate(List[Tensor], [])
    for start in range(0, torch.size(q, 0), step):
      end = start + step
      scores = self.scores(torch.slice(q, 0, start, end), torch.slice(keys, 0, start, end))
      if mask is not None:
        scores = torch.add_(scores, torch.slice(self.given(mask), 0, start, end))
      shares = torch._softmax(scores, -1, False, out=scores)
      _0 = torch.append(parts, torch.bmm(shares, self.wide(torch.slice(values, 0, start, end))))
    if torch.len(parts) == 1:
      return self.narrow(parts[0])
    return self.narrow(torch.cat(parts))

  # One query per row, q [B, H, D], scaled, on keys and values [B, G, S, D] -> [B, H * D]; mask as seen gives it. The queries that share a
  # key/value head are taken as positions.
  def attend_cache(self: __torch__.Decoder, q: Tensor, keys: Tensor, values: Tensor, mask: Optional[Tensor]) -> Tensor:
    rows = torch.size(q, 0)
    grouped = torch.view(q, [rows, self.kv_heads, -1, self.head_dim])
    if self.score_cap > 0.:
      mixed = self.capped(grouped, keys, values, mask)
    elif self.by_products(rows):
      mixed = self.attend_products(torch.flatten(grouped, 0, 1), torch.flatten(keys, 0, 1), torch.flatten(values, 0, 1), mask)
    else:
      mixed = torch.scaled_dot_product_attention(grouped, keys, values, mask, 0., False, scale=1.)
    return torch.reshape(mixed, [rows, -1])

  # One more token for every row: ids [B] at positions [B] -> logits [B, V] in float32; writes the cache. In bfloat16 the logits are widened in
  # the first rows of room, [*, V] in float32.
  def decode(self: __torch__.Decoder, ids: Tensor, positions: Tensor, cache: Tensor, room: Tensor, packed: List[Tensor]) -> Tensor:
    rows = torch.size(ids, 0)
    used = int(torch.max(positions)) + 1
    turns = self.turns(positions)
    read = self.slots_read(used, torch.size(cache, 3), rows)
    masks = self.seen(positions, read)
    places = self.cache_rows(torch.unsqueeze(positions, 1), torch.size(cache, 3))
    caches = torch.unbind(cache)
    x = self.embed(ids, positions)
    for layer in range(self.layers):
      base = 5 + 22 * layer
      normed = self.narrow(self.norm(x, base))
      whole = self.project(normed, base, packed)
      both = self.queries_and_keys(whole, base, turns)
      v = torch.narrow(whole, 1, (self.heads + self.kv_heads) * self.head_dim, self.kv_heads * self.head_dim)
      keys = self.write(caches[2 * layer], places, torch.narrow(both, 1, self.heads, self.kv_heads))
      values = self.write(caches[2 * layer + 1], places, self.narrow(v))
      mixed = self.attend_cache(torch.narrow(both, 1, 0, self.heads), torch.narrow(keys, 2, 0, read), torch.narrow(values, 2, 0, read), self.of_layer(masks, layer))
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
