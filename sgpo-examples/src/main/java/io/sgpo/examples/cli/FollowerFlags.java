package io.sgpo.examples.cli;

import static io.sgpo.examples.cli.Given.set;

import io.sgpo.Aligner;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.ssapo.FollowerOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What {@code ssapo} is told of its follower beside {@link EngineOptions}. */
final class FollowerFlags {

  @CommandLine.Option(
      names = "--follower",
      paramLabel = "NAME",
      description =
          "ssapo: exact, grouped, primal-dual, lp (with --tangents) or entropic, what solves the"
              + " worst case; exact")
  private @Nullable String follower;

  @CommandLine.Option(
      names = "--group-size",
      paramLabel = "G",
      description =
          "ssapo: solve the follower on random groups of G pairs; not unless given, with --follower"
              + " grouped 100")
  private @Nullable Integer groupSize;

  @CommandLine.Option(
      names = "--follower-temperature",
      paramLabel = "T",
      description = "ssapo: softness of --follower entropic, in units of the loss; 0.01")
  private @Nullable Double followerTemperature;

  @CommandLine.Option(
      names = "--epsilon",
      paramLabel = "E",
      description =
          "ssapo: radius of the ball, in units of --gap-scale; excludes --relative-radius")
  private @Nullable Double epsilon;

  @CommandLine.Option(
      names = "--relative-radius",
      paramLabel = "R",
      description = "ssapo: radius as a share of the largest useful one, in [0, 1); 0.2")
  private @Nullable Double relativeRadius;

  @CommandLine.Option(
      names = "--gap-scale",
      paramLabel = "NAME",
      converter = Names.Scale.class,
      description = "ssapo: margin or probability, the scale on which gaps are moved; margin")
  private @Nullable GapScale gapScale;

  @CommandLine.Option(
      names = "--tangents",
      paramLabel = "K",
      description = "ssapo: solve for K tangents of the loss, as published, not for itself")
  private @Nullable Integer tangents;

  @CommandLine.Option(
      names = "--tangent-knots",
      paramLabel = "NAME",
      converter = Names.Knots.class,
      description =
          "ssapo: uniform, quantiles or probability, where the tangents touch the loss; uniform,"
              + " for --gap-scale probability probability")
  private @Nullable TangentKnots tangentKnots;

  @CommandLine.Option(
      names = "--weighting",
      paramLabel = "NAME",
      converter = Names.Weighting.class,
      description = "ssapo: envelope, tangent-mixture, atoms or uniform; envelope")
  private @Nullable LeaderWeighting weighting;

  @CommandLine.Option(
      names = "--weight-cap",
      paramLabel = "C",
      description = "ssapo: with --weighting atoms no pair weighs more, >= 1; none")
  private @Nullable Double weightCap;

  @CommandLine.Option(
      names = "--support-margin",
      paramLabel = "T",
      description = "ssapo: the support is [min gap - T, max gap + T], in units of margin; 1")
  private @Nullable Double supportMargin;

  @CommandLine.Option(
      names = "--refreshes-per-round",
      paramLabel = "N",
      description =
          "ssapo: how often the follower is solved in a round; 4; excludes --refresh-steps and"
              + " --batch-follower")
  private @Nullable Integer refreshesPerRound;

  @CommandLine.Option(
      names = "--proximal",
      paramLabel = "X",
      description = "ssapo: weight of the proximal term; 0")
  private @Nullable Double proximal;

  @CommandLine.Option(
      names = "--allow-saturation",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "ssapo: only warn of a radius that leaves no gradient")
  private @Nullable Boolean allowSaturation;

  @CommandLine.Option(
      names = "--refresh-steps",
      paramLabel = "N",
      description = "ssapo: steps from one solve of the follower to the next")
  private @Nullable Integer refreshSteps;

  @CommandLine.Option(
      names = "--batch-follower",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "ssapo: solve the follower on every batch by itself")
  private @Nullable Boolean batchFollower;

  @CommandLine.Option(
      names = "--support-quantile",
      paramLabel = "Q",
      description =
          "ssapo: the support is the gaps' quantiles Q to 1 - Q, in (0, 1/2), and clips; excludes"
              + " --support-margin")
  private @Nullable Double supportQuantile;

  @CommandLine.Option(
      names = "--straight-through",
      arity = "0..1",
      paramLabel = "true|false",
      fallbackValue = "true",
      description = "ssapo: clipped pairs have the gradient of the support's end, not none")
  private @Nullable Boolean straightThrough;

  /** Sets what was given. */
  void applyTo(Aligner.Builder builder) {
    set(follower, builder::follower);
    set(epsilon, builder::epsilon);
    set(relativeRadius, builder::relativeRadius);
    set(gapScale, builder::gapScale);
    set(tangents, builder::tangents);
    set(tangentKnots, builder::tangentKnots);
    set(weighting, builder::weighting);
    set(supportMargin, builder::supportMargin);
    set(refreshesPerRound, builder::refreshesPerRound);
    set(proximal, builder::proximal);
    set(allowSaturation, builder::allowSaturation);
    set(refreshSteps, builder::refreshSteps);
    set(supportQuantile, builder::supportQuantile);
    set(builder, FollowerOptions.GROUP_SIZE, groupSize);
    set(builder, FollowerOptions.FOLLOWER_TEMPERATURE, followerTemperature);
    set(builder, FollowerOptions.WEIGHT_CAP, weightCap);
    set(builder, FollowerOptions.BATCH_FOLLOWER, batchFollower);
    set(builder, FollowerOptions.STRAIGHT_THROUGH, straightThrough);
  }
}
