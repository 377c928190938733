package io.sgpo.solvers.stats;

import io.sgpo.policy.Streams;
import java.util.List;

/**
 * The correction matrix: in row A and column B, how often the answer that the follower of policy A
 * made of an answer of policy B was preferred to the answer it was given (arXiv 2512.16626). Above
 * ½ the follower improves what it is given. The matrix need not be square, its diagonal (a follower
 * on its own leader) means as much as any cell, and its transpose says something else. Cells may be
 * missing. Immutable.
 */
public final class CorrectionMatrixEstimate {
  private final List<String> followers;
  private final List<String> authors;
  private final JudgedCell[][] cells;

  private CorrectionMatrixEstimate(
      List<String> followers, List<String> authors, JudgedCell[][] cells) {
    this.followers = followers;
    this.authors = authors;
    this.cells = cells;
  }

  /**
   * Starts an empty matrix.
   *
   * @param followers names of those that improve, one per row, at least one
   * @param authors names of those whose answers are improved, one per column, at least one
   */
  public static Builder builder(List<String> followers, List<String> authors) {
    return new Builder(List.copyOf(followers), List.copyOf(authors));
  }

  /** Collects judgements. Not thread-safe. */
  public static final class Builder {
    private final List<String> followers;
    private final List<String> authors;
    private final Judgements[][] judged;

    private Builder(List<String> followers, List<String> authors) {
      MatrixNames.require("followers", followers, 1);
      MatrixNames.require("authors", authors, 1);
      this.followers = followers;
      this.authors = authors;
      this.judged = new Judgements[followers.size()][authors.size()];
      for (Judgements[] row : judged) {
        for (int author = 0; author < row.length; author++) {
          row[author] = new Judgements();
        }
      }
    }

    /**
     * Adds a comparison that was decided.
     *
     * @param prompt the prompt; comparisons of one prompt are resampled together
     * @param follower index of the follower
     * @param author index of the author of the given answer
     * @param preference p(refined ≻ given) in [0, 1]; ½ is a tie
     * @throws IllegalArgumentException if an argument is outside its domain
     */
    public Builder add(int prompt, int follower, int author, double preference) {
      at(follower, author).add(prompt, preference);
      return this;
    }

    /** Counts a comparison that a judge declined; it is no tie. */
    public Builder abstain(int follower, int author) {
      at(follower, author).abstain();
      return this;
    }

    /** Counts a comparison that no judge answered; it is no tie. */
    public Builder fail(int follower, int author) {
      at(follower, author).fail();
      return this;
    }

    private Judgements at(int follower, int author) {
      MatrixNames.requireIndex("follower", follower, followers.size());
      MatrixNames.requireIndex("author", author, authors.size());
      return judged[follower][author];
    }

    /** The matrix with 95 % intervals from 2000 resamples. */
    public CorrectionMatrixEstimate build(long seed) {
      return build(WinRate.DEFAULT_RESAMPLES, WinRate.DEFAULT_CONFIDENCE, seed);
    }

    /**
     * The matrix of what was added so far.
     *
     * @param resamples of the bootstrap, {@code >= 1}
     * @param confidence of the intervals, in (0, 1)
     * @param seed of the resamples; each cell has its own stream
     */
    public CorrectionMatrixEstimate build(int resamples, double confidence, long seed) {
      JudgedCell[][] cells = new JudgedCell[followers.size()][authors.size()];
      for (int i = 0; i < cells.length; i++) {
        for (int j = 0; j < cells[i].length; j++) {
          cells[i][j] =
              judged[i][j].toCell(
                  resamples, confidence, Streams.of(seed, "correction-matrix", i, j));
        }
      }
      return new CorrectionMatrixEstimate(followers, authors, cells);
    }
  }

  /** The followers' names, one per row. */
  public List<String> followers() {
    return followers;
  }

  /** The authors' names, one per column. */
  public List<String> authors() {
    return authors;
  }

  /**
   * What was judged of a follower on an author's answers.
   *
   * @throws IllegalArgumentException if an index is out of range
   */
  public JudgedCell cell(int follower, int author) {
    MatrixNames.requireIndex("follower", follower, followers.size());
    MatrixNames.requireIndex("author", author, authors.size());
    return cells[follower][author];
  }

  /** The win rates of the refined answers, a fresh array: NaN where nothing was decided. */
  public double[][] rates() {
    double[][] rates = new double[followers.size()][authors.size()];
    for (int i = 0; i < rates.length; i++) {
      for (int j = 0; j < rates[i].length; j++) {
        rates[i][j] = cells[i][j].rate();
      }
    }
    return rates;
  }
}
