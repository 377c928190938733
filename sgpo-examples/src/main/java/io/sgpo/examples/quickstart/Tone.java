package io.sgpo.examples.quickstart;

/** The tone of an answer, heard in its first word; a request may ask for one. */
enum Tone {
  PLAIN("", ""),
  WARM("please", "gladly"),
  GRAND("with flair", "behold");

  private final String asked;
  private final String opener;

  Tone(String asked, String opener) {
    this.asked = asked;
    this.opener = opener;
  }

  /** The words by which a request asks for it; none for {@link #PLAIN}. */
  String asked() {
    return asked;
  }

  /** The word an answer in this tone begins with; none for {@link #PLAIN}. */
  String opener() {
    return opener;
  }

  /** The tone of an answer that begins with this word. */
  static Tone ofFirstWord(String word) {
    for (Tone tone : values()) {
      if (tone != PLAIN && tone.opener.equals(word)) {
        return tone;
      }
    }
    return PLAIN;
  }

  /**
   * The cycle warm, plain, grand, warm: 1 if this tone beats the other, −1 if it loses to it, 0 for
   * the same tone.
   */
  int against(Tone other) {
    if (this == other) {
      return 0;
    }
    return beaten() == other ? 1 : -1;
  }

  /** The tone that this one beats. */
  Tone beaten() {
    return switch (this) {
      case WARM -> PLAIN;
      case PLAIN -> GRAND;
      case GRAND -> WARM;
    };
  }
}
