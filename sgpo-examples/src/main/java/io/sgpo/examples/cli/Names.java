package io.sgpo.examples.cli;

import io.sgpo.baseline.RlooReward;
import io.sgpo.follower.GapScale;
import io.sgpo.follower.LeaderWeighting;
import io.sgpo.follower.TangentKnots;
import io.sgpo.judge.BothOrders;
import io.sgpo.judge.Panel;
import io.sgpo.lm.CausalLmOptions.DevicePlace;
import io.sgpo.lm.ExportOptions;
import io.sgpo.lm.Precision;
import io.sgpo.policy.PolicyRole;
import io.sgpo.policy.Schedule;
import io.sgpo.preference.LossType;
import io.sgpo.slhf.FollowerReference;
import io.sgpo.slhf.LeaderPayoff;
import io.sgpo.solvers.follower.KlPenalty;
import io.sgpo.spi.StandardOptions.Baseline;
import io.sgpo.spi.StandardOptions.KlCredit;
import io.sgpo.spi.StandardOptions.KlEstimator;
import io.sgpo.spi.StandardOptions.SeedSelection;
import io.sgpo.ssapo.RoundPairs;
import io.sgpo.ssapo.RoundReference;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The names that constants have on the command line: {@code TANGENT_MIXTURE} is tangent-mixture.
 */
final class Names {

  private Names() {}

  /** Converts {@code cpu}, {@code gpu} and {@code gpu:N}. */
  static final class Device implements ITypeConverter<DevicePlace> {
    @Override
    public DevicePlace convert(String name) {
      if (name.equals("cpu")) {
        return DevicePlace.CPU;
      }
      if (!name.matches("gpu(:\\d{1,4})?")) {
        throw new TypeConversionException("must be cpu, gpu or gpu:N, but was \"" + name + "\"");
      }
      return DevicePlace.gpu(name.equals("gpu") ? 0 : Integer.parseInt(name.substring(4)));
    }
  }

  /** Converts names of leader weightings. */
  static final class Weighting implements ITypeConverter<LeaderWeighting> {
    @Override
    public LeaderWeighting convert(String name) {
      return parse(LeaderWeighting.class, name);
    }
  }

  /** Converts names of players. */
  static final class Role implements ITypeConverter<PolicyRole> {
    @Override
    public PolicyRole convert(String name) {
      return parse(PolicyRole.class, name);
    }
  }

  /** Converts names of losses. */
  static final class Loss implements ITypeConverter<LossType> {
    @Override
    public LossType convert(String name) {
      return parse(LossType.class, name);
    }
  }

  /** Converts names of the signs of a penalty. */
  static final class PenaltySign implements ITypeConverter<KlPenalty.Sign> {
    @Override
    public KlPenalty.Sign convert(String name) {
      return parse(KlPenalty.Sign.class, name);
    }
  }

  /** Converts names of the pairs of a round. */
  static final class PairsOfRound implements ITypeConverter<RoundPairs> {
    @Override
    public RoundPairs convert(String name) {
      return parse(RoundPairs.class, name);
    }
  }

  /** Converts names of the references of a round. */
  static final class ReferenceOfRound implements ITypeConverter<RoundReference> {
    @Override
    public RoundReference convert(String name) {
      return parse(RoundReference.class, name);
    }
  }

  /** Converts names of rules that choose seed pairs. */
  static final class SelectionOfSeeds implements ITypeConverter<SeedSelection> {
    @Override
    public SeedSelection convert(String name) {
      return parse(SeedSelection.class, name);
    }
  }

  /** Converts names of gap scales. */
  static final class Scale implements ITypeConverter<GapScale> {
    @Override
    public GapScale convert(String name) {
      return parse(GapScale.class, name);
    }
  }

  /** Converts names of rules for knots. */
  static final class Knots implements ITypeConverter<TangentKnots> {
    @Override
    public TangentKnots convert(String name) {
      return parse(TangentKnots.class, name);
    }
  }

  /** Converts names of KL credits. */
  static final class Credit implements ITypeConverter<KlCredit> {
    @Override
    public KlCredit convert(String name) {
      return parse(KlCredit.class, name);
    }
  }

  /** Converts names of game solvers. */
  static final class GameSolver implements ITypeConverter<GameCommand.Solver> {
    @Override
    public GameCommand.Solver convert(String name) {
      return parse(GameCommand.Solver.class, name);
    }
  }

  /** Converts names of followers. */
  static final class FollowerSolver implements ITypeConverter<FollowerCommand.Solver> {
    @Override
    public FollowerCommand.Solver convert(String name) {
      return parse(FollowerCommand.Solver.class, name);
    }
  }

  /** Converts names of leader payoffs. */
  static final class Payoff implements ITypeConverter<LeaderPayoff> {
    @Override
    public LeaderPayoff convert(String name) {
      return parse(LeaderPayoff.class, name);
    }
  }

  /** Converts names of the shapes of a schedule. */
  static final class Schedules implements ITypeConverter<Schedule.Shape> {
    @Override
    public Schedule.Shape convert(String name) {
      return parse(Schedule.Shape.class, name);
    }
  }

  /** Converts names of votes. */
  static final class Vote implements ITypeConverter<Panel.Vote> {
    @Override
    public Panel.Vote convert(String name) {
      return parse(Panel.Vote.class, name);
    }
  }

  /** Converts what becomes of contradictions. */
  static final class Contradicting implements ITypeConverter<BothOrders.Contradiction> {
    @Override
    public BothOrders.Contradiction convert(String name) {
      return parse(BothOrders.Contradiction.class, name);
    }
  }

  /** Converts names of the types that a model computes in. */
  static final class Dtype implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String name) {
      return parse(Precision.class, name);
    }
  }

  /** Converts names of the types that a model is stored in. */
  static final class StoredDtype implements ITypeConverter<ExportOptions.Type> {
    @Override
    public ExportOptions.Type convert(String name) {
      return parse(ExportOptions.Type.class, name);
    }
  }

  /** Converts names of baselines. */
  static final class Baselines implements ITypeConverter<Baseline> {
    @Override
    public Baseline convert(String name) {
      return parse(Baseline.class, name);
    }
  }

  /** Converts names of KL estimators. */
  static final class Estimator implements ITypeConverter<KlEstimator> {
    @Override
    public KlEstimator convert(String name) {
      return parse(KlEstimator.class, name);
    }
  }

  /** Converts names of the references of the follower's KL. */
  static final class ReferenceOfFollower implements ITypeConverter<FollowerReference> {
    @Override
    public FollowerReference convert(String name) {
      return parse(FollowerReference.class, name);
    }
  }

  /** Converts names of what RLOO pays. */
  static final class Reward implements ITypeConverter<RlooReward> {
    @Override
    public RlooReward convert(String name) {
      return parse(RlooReward.class, name);
    }
  }

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E parse(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (of(constant).equals(name)) {
        return constant;
      }
    }
    String known =
        Arrays.stream(type.getEnumConstants()).map(Names::of).collect(Collectors.joining(", "));
    throw new TypeConversionException("must be one of " + known + ", but was \"" + name + "\"");
  }
}
