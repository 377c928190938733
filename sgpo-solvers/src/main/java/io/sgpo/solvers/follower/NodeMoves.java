package io.sgpo.solvers.follower;

/**
 * The follower's inner problem at a price λ, restricted to nodes: (1/N) Σ max_z {ℓ(z) − λ|z − ξ_i|
 * : z a node}. The maximum is a sup-convolution of the loss with −λ|·|, found by two sweeps over
 * the sorted nodes (the distance transform of Felzenszwalb and Huttenlocher, 2012), O(nodes) a
 * price. Not thread-safe: sweeps share an array.
 */
final class NodeMoves implements DualSearch.Inner {
  private final LossNodes nodes;
  private final int[] scratch;

  NodeMoves(LossNodes nodes) {
    this.nodes = nodes;
    this.scratch = new int[nodes.at.length];
  }

  @Override
  public DualSearch.Priced at(double price) {
    sweep(price, scratch);
    CompensatedSum gain = new CompensatedSum();
    CompensatedSum spent = new CompensatedSum();
    for (int k = 0; k < scratch.length; k++) {
      if (nodes.mass[k] > 0) {
        gain.add(nodes.mass[k] * nodes.value[scratch[k]]);
        spent.add(nodes.mass[k] * Math.abs(nodes.at[scratch[k]] - nodes.at[k]));
      }
    }
    return new DualSearch.Priced(price, gain.value() / nodes.total, spent.value() / nodes.total);
  }

  /** For every node the one that a gap on it moves to; of equally good ones the nearest. */
  int[] targets(double price) {
    int[] targets = new int[nodes.at.length];
    sweep(price, targets);
    return targets;
  }

  private void sweep(double price, int[] targets) {
    int best = 0;
    for (int k = 0; k < targets.length; k++) {
      best = nodes.value[k] >= net(best, k, price) ? k : best;
      targets[k] = best;
    }
    best = targets.length - 1;
    for (int k = targets.length - 1; k >= 0; k--) {
      best = nodes.value[k] >= net(best, k, price) ? k : best;
      targets[k] = better(best, targets[k], k, price);
    }
  }

  /** The better of a target to the right and one to the left. */
  private int better(int right, int left, int k, double price) {
    double toRight = net(right, k, price);
    double toLeft = net(left, k, price);
    boolean nearer = nodes.at[right] - nodes.at[k] < nodes.at[k] - nodes.at[left];
    return toRight > toLeft || (toRight == toLeft && nearer) ? right : left;
  }

  /** ℓ(z) − λ|z − ξ|. */
  private double net(int target, int from, double price) {
    return nodes.value[target] - price * Math.abs(nodes.at[target] - nodes.at[from]);
  }
}
