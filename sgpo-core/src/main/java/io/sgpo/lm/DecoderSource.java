package io.sgpo.lm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The TorchScript source of the kernels: the decoder's class with the products that fit the
 * machine, and a module that holds many decoders. A method of the module has the name and arguments
 * of one of a decoder and a further argument, which decoder it is; so all models of a process share
 * one compiled module.
 */
final class DecoderSource {

  static final String MODULE = "Kernels";
  static final String DECODER = "Decoder";

  /** The module's list of decoders. */
  static final String DECODERS = "decoders";

  /** The class and its methods; a file of products makes it complete. */
  private static final List<String> FILES =
      List.of(
          "decoder.ts.py",
          "tensors.ts.py",
          "layer.ts.py",
          "attention.ts.py",
          "composed.ts.py",
          "head.ts.py",
          "training.ts.py",
          "generation.ts.py");

  private static final Pattern ATTRIBUTE = Pattern.compile("(?m)^  (\\w+) : (\\S+)$");

  /**
   * A method whose arguments Java can give: tensors, lists of tensors, and decoders by their place.
   */
  private static final Pattern METHOD =
      Pattern.compile(
          "(?m)^  def (\\w+)\\(self: __torch__.Decoder"
              + "((?:, \\w+: (?:Tensor|List\\[Tensor]|__torch__\\.Decoder))+)\\) -> (.+):$");

  private static final Pattern ARGUMENT = Pattern.compile(", (\\w+): ([^,]+)");

  private static final String DECODER_TYPE = "__torch__." + DECODER;

  /** What computes the matrix products; not every build of the engine has oneDNN. */
  enum Products {
    ONEDNN("products-onednn.ts.py"),
    PLAIN("products.ts.py");

    private final String source;

    Products(String source) {
      this.source = source;
    }
  }

  /**
   * An attribute of a decoder.
   *
   * @param type in TorchScript
   */
  record Attribute(String name, String type) {
    boolean isNumber() {
      return !type.startsWith("List");
    }
  }

  private final String decoder;
  private final List<Attribute> attributes;

  DecoderSource(Products products) {
    this.decoder =
        Stream.concat(FILES.stream(), Stream.of(products.source))
            .map(DecoderSource::resource)
            .collect(Collectors.joining());
    this.attributes =
        ATTRIBUTE
            .matcher(decoder.substring(0, decoder.indexOf("  def ")))
            .results()
            .map(found -> new Attribute(found.group(1), found.group(2)))
            .toList();
  }

  /** A decoder's attributes in the order of the source. */
  List<Attribute> attributes() {
    return attributes;
  }

  /** The settings, which {@code set_up} takes as one tensor in this order. */
  List<Attribute> settings() {
    return attributes.stream().filter(Attribute::isNumber).toList();
  }

  /** Both classes. */
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add("class Kernels(Module):");
    lines.add("  __parameters__ = []");
    lines.add("  __buffers__ = []");
    lines.add("  training : bool");
    lines.add("  decoders : List[__torch__.Decoder]");
    setUp(lines);
    METHOD.matcher(decoder).results().forEach(method -> dispatch(lines, method));
    return decoder + "\n" + String.join("\n", lines) + "\n";
  }

  private void setUp(List<String> lines) {
    lines.add("  def set_up(self: __torch__.Kernels, settings: Tensor, place: Tensor) -> Tensor:");
    lines.add("    decoder = self.decoders[int(place)]");
    List<Attribute> settings = settings();
    for (int i = 0; i < settings.size(); i++) {
      Attribute setting = settings.get(i);
      lines.add("    decoder.%s = %s(settings[%d])".formatted(setting.name(), setting.type(), i));
    }
    lines.add("    return settings");
  }

  private static void dispatch(List<String> lines, MatchResult method) {
    List<String> given =
        ARGUMENT.matcher(method.group(2)).results().map(DecoderSource::given).toList();
    lines.add(
        "  def %s(self: __torch__.Kernels%s, place: Tensor) -> %s:"
            .formatted(
                method.group(1), method.group(2).replace(DECODER_TYPE, "Tensor"), method.group(3)));
    lines.add(
        "    return (self.decoders[int(place)]).%s(%s)"
            .formatted(method.group(1), String.join(", ", given)));
  }

  private static String given(MatchResult argument) {
    String name = argument.group(1);
    return argument.group(2).equals(DECODER_TYPE) ? "self.decoders[int(%s)]".formatted(name) : name;
  }

  private static String resource(String name) {
    try (InputStream in = DecoderSource.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
