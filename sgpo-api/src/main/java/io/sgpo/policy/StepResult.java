package io.sgpo.policy;

/**
 * What a training step did.
 *
 * @param loss the batch's summed loss divided by the normaliser
 * @param gradientNorm the global L2 norm of the gradient before clipping
 * @param tokens response tokens that were trained on
 */
public record StepResult(double loss, double gradientNorm, long tokens) {}
