package io.sgpo.onpolicy;

/**
 * Two moves on one prompt that the judge compares.
 *
 * @param first the place of y among the moves on its prompt
 * @param second the place of y'
 */
public record Contest(int first, int second) {}
