package io.sgpo.solvers.follower;

/**
 * Minimises the dual of a budgeted problem over its one price, D(λ) = λε + max_plan [gain − λ
 * spent]: convex, with the subgradient ε − spent. Holds a plan that spends more than ε and one that
 * does not; their mixture spends ε exactly, so its gain is a lower bound on the optimum, and every
 * D(λ) is an upper bound.
 */
final class DualSearch {
  private static final int MOST_ROUNDS = 400;
  private static final int MOST_DOUBLINGS = 1100;

  private DualSearch() {}

  /** The inner problem at a price. */
  @FunctionalInterface
  interface Inner {
    /** The best plan at λ {@code >= 0}. */
    Priced at(double price);
  }

  /**
   * The best plan at a price.
   *
   * @param price λ
   * @param gain what the plan is worth, its cost not deducted
   * @param spent what the plan spends of the budget, non-increasing in the price
   */
  record Priced(double price, double gain, double spent) {
    /** D(λ). */
    double dual(double radius) {
      return gain + price * (radius - spent);
    }
  }

  /**
   * Two plans between which the optimum lies.
   *
   * @param over spends at least ε, unless the budget is slack
   * @param within spends at most ε
   * @param share of the plan {@code over} in the mixture that spends ε
   * @param dual the least D(λ) found
   * @param price where it was found
   */
  record Bracket(Priced over, Priced within, double share, double dual, double price) {
    /** The mixture's gain, a lower bound on the optimum. */
    double primal() {
      return share * over.gain + (1 - share) * within.gain;
    }

    /** How far the two bounds are apart. */
    double gap() {
      return Math.max(0, dual - primal());
    }

    /** Where the two supporting lines of D meet. */
    private double crossing() {
      return (over.gain - within.gain) / (over.spent - within.spent);
    }

    private boolean closed(double tolerance) {
      return !(gap() > tolerance * (1 + Math.abs(dual)));
    }
  }

  /**
   * Closes in on the best price.
   *
   * @param radius ε, finite
   * @param firstPrice {@code > 0}, doubled until its plan spends at most ε
   * @param tolerance of the gap, relative to 1 + |value|
   */
  static Bracket minimise(Inner inner, double radius, double firstPrice, double tolerance) {
    Priced over = inner.at(0);
    if (over.spent <= radius) {
      return new Bracket(over, over, 0, over.gain, 0);
    }
    Priced within = inner.at(firstPrice);
    for (int i = 0; within.spent > radius && i < MOST_DOUBLINGS; i++) {
      over = within;
      within = inner.at(2 * within.price);
    }
    Bracket bracket = new Bracket(over, within, 0, Double.POSITIVE_INFINITY, 0);
    bracket = narrowed(narrowed(bracket, over, radius), within, radius);
    for (int round = 0; round < MOST_ROUNDS && !bracket.closed(tolerance); round++) {
      double price = between(bracket, round % 2 == 0);
      if (!(price > bracket.over.price && price < bracket.within.price)) {
        break; // no number lies between
      }
      bracket = narrowed(bracket, inner.at(price), radius);
    }
    return bracket;
  }

  private static Bracket narrowed(Bracket bracket, Priced next, double radius) {
    Priced over = next.spent > radius ? next : bracket.over;
    Priced within = next.spent > radius ? bracket.within : next;
    double share = (radius - within.spent) / (over.spent - within.spent);
    double dual = next.dual(radius);
    boolean least = dual <= bracket.dual;
    return new Bracket(
        over,
        within,
        Math.max(0, Math.min(1, share)),
        least ? dual : bracket.dual,
        least ? next.price : bracket.price);
  }

  /** Where the two supporting lines of D meet, or the middle. */
  private static double between(Bracket bracket, boolean crossing) {
    double cross = bracket.crossing();
    boolean inside = cross > bracket.over.price && cross < bracket.within.price;
    return crossing && inside
        ? cross
        : bracket.over.price + 0.5 * (bracket.within.price - bracket.over.price);
  }
}
