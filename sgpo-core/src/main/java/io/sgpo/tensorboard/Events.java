package io.sgpo.tensorboard;

import io.sgpo.run.EvaluationReport;
import io.sgpo.run.GapReport;
import io.sgpo.run.RoundReport;
import io.sgpo.run.StepReport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What happens in a run as records of an event file: TensorFlow's {@code Event} messages, each
 * between its length and checksums (CRC-32C, masked) as TFRecord has them. Pure functions; a file
 * is {@link #version} and then records in any number.
 *
 * <p>The tag of a metric {@code gap.mean} is {@code gap/mean}, that of one without a dot {@code
 * round/loss}. Values are floats, as TensorBoard keeps them.
 */
public final class Events {

  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;

  // field numbers of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final int SESSION_STATUS = 1;
  private static final int SESSION_START = 1;
  private static final int SUMMARY_VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int HISTOGRAM = 5;

  private static final int BUCKETS = 30;

  private Events() {}

  /**
   * The first record of a file.
   *
   * @param seconds the time, in seconds since 1970
   */
  public static byte[] version(double seconds) {
    return record(new Protobuf().number(WALL_TIME, seconds).text(FILE_VERSION, VERSION));
  }

  /** Says that what follows replaces what there is of this step and later ones. */
  public static byte[] restart(double seconds, long step) {
    Protobuf start = new Protobuf().integer(SESSION_STATUS, SESSION_START);
    return record(event(seconds, step).message(SESSION_LOG, start));
  }

  /**
   * A training step.
   *
   * @param step its number in the run, from 1
   */
  public static byte[] step(double seconds, long step, StepReport report) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", report.result().loss());
    values.put("train/gradient-norm", report.result().gradientNorm());
    values.put("train/tokens", (double) report.result().tokens());
    return scalars(seconds, step, values);
  }

  /**
   * A round's metrics.
   *
   * @param step the number of its last step
   */
  public static byte[] round(double seconds, long step, RoundReport report) {
    Map<String, Double> values = new LinkedHashMap<>();
    report.metrics().values().forEach((metric, value) -> values.put(tag(metric.name()), value));
    return scalars(seconds, step, values);
  }

  /** A held-out measure, with the ends of its interval if it has one, and its further values. */
  public static byte[] evaluation(double seconds, EvaluationReport report) {
    Map<String, Double> values = new LinkedHashMap<>();
    String tag = tag(report.measure());
    values.put(tag, report.value());
    if (!Double.isNaN(report.lower())) {
      values.put(tag + "-lower", report.lower());
      values.put(tag + "-upper", report.upper());
    }
    report.others().values().forEach((metric, value) -> values.put(tag(metric.name()), value));
    return scalars(seconds, report.step(), values);
  }

  /**
   * The gaps of a round as a histogram.
   *
   * @param step the number of the last step before
   */
  public static byte[] gaps(double seconds, long step, GapReport report) {
    String tag = "gap/" + report.moment().name().toLowerCase(Locale.ROOT) + "-training";
    Protobuf value = new Protobuf().text(TAG, tag).message(HISTOGRAM, histogram(report));
    return record(
        event(seconds, step).message(SUMMARY, new Protobuf().message(SUMMARY_VALUE, value)));
  }

  /** Moments are those of the percentiles. */
  private static Protobuf histogram(GapReport report) {
    double[] percentiles = report.percentiles().stream().mapToDouble(p -> p).toArray();
    double least = percentiles[0];
    double most = percentiles[percentiles.length - 1];
    double width = most > least ? (most - least) / BUCKETS : 1;
    double[] limits = new double[BUCKETS];
    double[] counts = new double[BUCKETS];
    for (int b = 0; b < BUCKETS; b++) {
      limits[b] = least + (b + 1) * width;
    }
    double sum = 0;
    double squares = 0;
    double mass = (double) report.pairs() / (percentiles.length - 1);
    for (int i = 0; i + 1 < percentiles.length; i++) { // a hundredth lies between two percentiles
      double middle = (percentiles[i] + percentiles[i + 1]) / 2;
      counts[Math.min(BUCKETS - 1, (int) ((middle - least) / width))] += mass;
      sum += mass * middle;
      squares += mass * middle * middle;
    }
    return new Protobuf()
        .number(1, least)
        .number(2, most)
        .number(3, (double) report.pairs())
        .number(4, sum)
        .number(5, squares)
        .numbers(6, limits)
        .numbers(7, counts);
  }

  static byte[] scalars(double seconds, long step, Map<String, Double> values) {
    Protobuf summary = new Protobuf();
    values.forEach(
        (tag, value) ->
            summary.message(
                SUMMARY_VALUE,
                new Protobuf().text(TAG, tag).number(SIMPLE_VALUE, value.floatValue())));
    return record(event(seconds, step).message(SUMMARY, summary));
  }

  private static String tag(String metric) {
    int dot = metric.indexOf('.');
    return dot < 0 ? "round/" + metric : metric.substring(0, dot) + "/" + metric.substring(dot + 1);
  }

  private static Protobuf event(double seconds, long step) {
    return new Protobuf().number(WALL_TIME, seconds).integer(STEP, step);
  }

  private static byte[] record(Protobuf event) {
    byte[] data = event.bytes();
    byte[] length = Protobuf.little(Long.BYTES).putLong(data.length).array();
    return Protobuf.little(Long.BYTES + 2 * Integer.BYTES + data.length)
        .put(length)
        .putInt(masked(length))
        .put(data)
        .putInt(masked(data))
        .array();
  }

  /** A checksum of data that holds checksums would be weak, so it is rotated and shifted. */
  private static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
