package io.sgpo.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that go through the model together, as {@code training.ts.py} takes them: the tokens of all
 * rows one after the other, cut into blocks of equally long pieces, and the scored positions in the
 * order of the rows. What is padding, and whether rows share a prompt, is settled here.
 */
final class Pass {

  /** The place of no block, and the row of a token of padding. */
  private static final int NONE = -1;

  private final List<Row> all;
  private final List<Integer> members = new ArrayList<>();
  private final List<Long> blocks = new ArrayList<>();
  private final List<Integer> tokenRows = new ArrayList<>();
  private final List<Integer> tokenPositions = new ArrayList<>();

  /** Of every member: what is added to a position of its prompt, or response, to give its token. */
  private final List<int[]> offsets = new ArrayList<>();

  private int scored;
  private int padding;

  /**
   * @param all the rows of which this takes some
   */
  Pass(List<Row> all) {
    this.all = all;
  }

  /** Adds rows, each on its own, as one block. */
  void addRows(List<Integer> rows) {
    int width = rows.stream().mapToInt(row -> all.get(row).inputLength()).max().orElse(0);
    addBlock(rows.size(), width, NONE);
    for (int row : rows) {
      int offset = tokenRows.size();
      addTokens(row, 0, width);
      addMember(row, offset, offset);
    }
  }

  /**
   * Adds rows that share their prompt: the prompt as a block, and the inputs of the responses in
   * blocks that see it.
   *
   * @param blocksOfRows the rows, as they are to lie together
   */
  void addTree(List<List<Integer>> blocksOfRows) {
    int first = blocksOfRows.get(0).get(0);
    int prompt = all.get(first).promptLength();
    int root = blocks.size() / 3;
    int rootOffset = tokenRows.size();
    addBlock(1, prompt, NONE);
    addTokens(first, 0, prompt);
    for (List<Integer> rows : blocksOfRows) {
      int end = rows.stream().mapToInt(row -> all.get(row).inputLength()).max().orElse(prompt);
      if (end > prompt) {
        addBlock(rows.size(), end - prompt, root);
      }
      for (int row : rows) {
        int offset = tokenRows.size() - prompt;
        addTokens(row, prompt, end);
        addMember(row, rootOffset, offset);
      }
    }
  }

  private void addBlock(long rows, long width, long parent) {
    blocks.addAll(List.of(rows, width, parent));
  }

  private void addTokens(int row, int from, int to) {
    int length = all.get(row).inputLength();
    for (int position = from; position < to; position++) {
      tokenRows.add(position < length ? row : NONE);
      tokenPositions.add(position);
    }
    padding += Math.max(0, to - Math.max(from, length));
  }

  private void addMember(int row, int promptOffset, int responseOffset) {
    members.add(row);
    offsets.add(new int[] {promptOffset, responseOffset});
    scored += all.get(row).scores();
  }

  /** The rows' places in the list that was given, in the order of this pass. */
  List<Integer> members() {
    return members;
  }

  /** The number of scored positions. */
  int scored() {
    return scored;
  }

  /** The number of tokens, padding included. */
  int tokens() {
    return tokenRows.size();
  }

  /** Tokens of padding. */
  int padding() {
    return padding;
  }

  /**
   * The numbers of all masks: those of blocks that see a shared prompt, and of rows longer than a
   * sliding window.
   *
   * @param window the tokens that each sees at most
   */
  long maskedPairs(int window) {
    long pairs = 0;
    for (int block = 0; block < blocks.size(); block += 3) {
      long width = blocks.get(block + 1);
      long parent = blocks.get(block + 2);
      if (parent != NONE) {
        pairs += width * (blocks.get((int) (3 * parent + 1)) + width);
      } else if (width > window) {
        pairs += width * width;
      }
    }
    return pairs;
  }

  /** The length of the prompt that the rows of a block share, or 0. */
  private long before(int block) {
    long parent = blocks.get(block + 2);
    return parent == NONE ? 0 : blocks.get((int) (3 * parent + 1));
  }

  /** The most tokens that a token sees. */
  long mostKeys() {
    long most = 0;
    for (int block = 0; block < blocks.size(); block += 3) {
      most = Math.max(most, before(block) + blocks.get(block + 1));
    }
    return most;
  }

  /**
   * Tokens of shared prompts, once for each row that sees them.
   *
   * @param tiles whether there are also those that only make a tile's keys even
   */
  long repeatedTokens(boolean tiles) {
    long tokens = 0;
    for (int block = 0; block < blocks.size(); block += 3) {
      long before = before(block);
      long width = blocks.get(block + 1);
      long keys = tiles ? DecoderArchive.evened(before + width) : before + width;
      tokens += blocks.get(block) * (keys - width);
    }
    return tokens;
  }

  /** Pairs of a token and one of its tile's keys, those that only make them even too. */
  long tiledPairs() {
    long pairs = 0;
    for (int block = 0; block < blocks.size(); block += 3) {
      pairs += blocks.get(block) * tiledPairs(before(block), blocks.get(block + 1));
    }
    return pairs;
  }

  /** The same of the tile that has the most, which is one of all rows of a block. */
  long largestTile() {
    long most = 0;
    for (int block = 0; block < blocks.size(); block += 3) {
      long width = blocks.get(block + 1);
      long queries = blocks.get(block) * Math.min(width, DecoderArchive.TILE_QUERIES);
      most = Math.max(most, queries * DecoderArchive.evened(before(block) + width));
    }
    return most;
  }

  private static long tiledPairs(long before, long width) {
    long pairs = 0;
    for (long start = 0; start < width; start += DecoderArchive.TILE_QUERIES) {
      long end = Math.min(start + DecoderArchive.TILE_QUERIES, width);
      pairs += (end - start) * DecoderArchive.evened(before + end);
    }
    return pairs;
  }

  /** The same for so many tokens in rows as long as tiles keep, none of which is shared. */
  static long mostTiledPairs(long tokens) {
    long rows = tokens / DecoderArchive.TILE_KEYS;
    return rows * tiledPairs(0, DecoderArchive.TILE_KEYS)
        + tiledPairs(0, tokens % DecoderArchive.TILE_KEYS);
  }

  /** What the kernels take: ids, positions, blocks and index. */
  NDList layout(NDManager manager) {
    return new NDList(ids(manager), positions(manager), blocks(manager), index(manager));
  }

  /** What they take to score: the layout, targets and temperature. */
  NDList batch(NDManager manager, double temperature) {
    NDList batch = layout(manager);
    batch.add(targets(manager));
    batch.add(manager.create((float) temperature));
    return batch;
  }

  /** Token ids, [tokens]; that of padding is 0. */
  private NDArray ids(NDManager manager) {
    long[] ids = new long[tokens()];
    for (int n = 0; n < ids.length; n++) {
      int row = tokenRows.get(n);
      ids[n] = row == NONE ? 0 : all.get(row).ids()[tokenPositions.get(n)];
    }
    return manager.create(ids);
  }

  /** The tokens' positions in their rows, [tokens]. */
  private NDArray positions(NDManager manager) {
    float[] positions = new float[tokens()];
    for (int n = 0; n < positions.length; n++) {
      positions[n] = tokenPositions.get(n);
    }
    return manager.create(positions);
  }

  /** Rows, width and parent of every block, [blocks, 3]. */
  private NDArray blocks(NDManager manager) {
    long[] flat = blocks.stream().mapToLong(Long::longValue).toArray();
    return manager.create(flat, new Shape(flat.length / 3, 3));
  }

  /** The tokens' keys, [tokens]; that of padding is 0. */
  NDArray dropoutKeys(NDManager manager, Dropout dropout) {
    Map<Integer, long[]> ofRows = new HashMap<>();
    long[] keys = new long[tokens()];
    for (int n = 0; n < keys.length; n++) {
      int row = tokenRows.get(n);
      if (row != NONE) {
        long[] ofRow = ofRows.computeIfAbsent(row, any -> dropout.keys(all.get(any)));
        keys[n] = ofRow[tokenPositions.get(n)];
      }
    }
    return manager.create(keys);
  }

  /** The tokens whose states predict the scored ones, [scored]. */
  private NDArray index(NDManager manager) {
    long[] index = new long[scored];
    int n = 0;
    for (int m = 0; m < members.size(); m++) {
      Row row = all.get(members.get(m));
      for (int position = row.firstScored(); position < row.inputLength(); position++) {
        index[n++] = (long) offsets.get(m)[position < row.promptLength() ? 0 : 1] + position;
      }
    }
    return manager.create(index);
  }

  /** The scored tokens, [scored]; a row that is scored as a whole has none, which is written 0. */
  NDArray targets(NDManager manager) {
    long[] targets = new long[scored];
    int n = 0;
    for (int member : members) {
      Row row = all.get(member);
      for (int position = row.firstScored(); position < row.inputLength(); position++) {
        targets[n++] = row.scalar() ? 0 : row.ids()[position + 1];
      }
    }
    return manager.create(targets);
  }

  /** Puts the values at the scored positions into the arrays of their rows. */
  void scatter(float[] values, double[][] byRow) {
    int n = 0;
    for (int member : members) {
      double[] row = new double[all.get(member).scores()];
      for (int t = 0; t < row.length; t++) {
        row[t] = values[n++];
      }
      byRow[member] = row;
    }
  }

  /** The opposite: the values of the members' rows at the scored positions, in order. */
  float[] gather(double[][] byRow) {
    float[] values = new float[scored];
    int n = 0;
    for (int member : members) {
      for (double value : byRow[member]) {
        values[n++] = (float) value;
      }
    }
    return values;
  }
}
