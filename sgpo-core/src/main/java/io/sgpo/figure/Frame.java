package io.sgpo.figure;

/** The rectangle of a diagram within a picture, in pixels. */
record Frame(double left, double top, double width, double height) {

  /** Lines may leave the diagram by so many times its size; what is beyond is cut off anyway. */
  private static final double FARTHEST = 3;

  double right() {
    return left + width;
  }

  double bottom() {
    return top + height;
  }

  double middle() {
    return left + width / 2;
  }

  double x(Axis axis, double value) {
    return left + width * bounded(axis.share(value));
  }

  double y(Axis axis, double value) {
    return bottom() - height * bounded(axis.share(value));
  }

  private static double bounded(double share) {
    return Math.max(-FARTHEST, Math.min(FARTHEST, share));
  }
}
