package io.sgpo.run;

/**
 * A checkpoint was written: from now on a crash costs only what comes after it.
 *
 * @param step after how many training steps of the run
 * @param used what the run had used
 */
public record CheckpointReport(long step, Usage used) {}
