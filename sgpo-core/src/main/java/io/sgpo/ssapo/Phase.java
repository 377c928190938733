package io.sgpo.ssapo;

import io.sgpo.run.RunState;

/** A part of a run: units of work, between any two of which its state can be taken. */
interface Phase {

  /** A phase without work. */
  Phase NOTHING =
      new Phase() {
        @Override
        public boolean isDone() {
          return true;
        }

        @Override
        public void advance() {}

        @Override
        public RunState state() {
          return new RunState();
        }

        @Override
        public void restore(RunState state) {}
      };

  /** Whether all its units are done. */
  boolean isDone();

  /** Does one unit, or throws and leaves everything as it was. */
  void advance();

  /** What it needs to go on, besides the table of pairs. */
  RunState state();

  /** Goes on from a state. */
  void restore(RunState state);
}
