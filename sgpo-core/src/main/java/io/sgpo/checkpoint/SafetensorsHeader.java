package io.sgpo.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, parsed and checked against the size of the file: the
 * tensors tile the bytes after the header without overlap, hole or rest.
 *
 * @param tensors by name, in the order of the header
 * @param metadata the free-form texts under {@code __metadata__}
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {

  static final String METADATA = "__metadata__";

  /**
   * @param file the file's name, for messages
   * @param json the header's bytes
   * @param dataBytes the number of bytes after the header
   */
  static SafetensorsHeader parse(Path file, byte[] json, long dataBytes)
      throws CheckpointException {
    if (json[0] != '{') {
      throw new CheckpointException(
          file, null, "the header must start with '{', but starts with byte " + (json[0] & 0xFF));
    }
    SafetensorsHeader header = new Reader(file).read(json);
    requireTiling(file, header.tensors.values(), dataBytes);
    return header;
  }

  private static void requireTiling(Path file, Iterable<TensorInfo> tensors, long dataBytes)
      throws CheckpointException {
    List<TensorInfo> byPosition = new ArrayList<>();
    tensors.forEach(byPosition::add);
    byPosition.sort(Comparator.comparingLong(TensorInfo::begin).thenComparing(TensorInfo::end));
    long covered = 0;
    for (TensorInfo tensor : byPosition) {
      if (tensor.begin() != covered) {
        throw new CheckpointException(
            file,
            tensor.name(),
            "tensors must not overlap or leave holes: it must begin at byte "
                + covered
                + ", but data_offsets are ["
                + tensor.begin()
                + ", "
                + tensor.end()
                + "]");
      }
      covered = tensor.end();
      if (covered > dataBytes) {
        throw new CheckpointException(
            file,
            tensor.name(),
            "data_offsets must lie within the "
                + dataBytes
                + " bytes of data, but end at "
                + covered);
      }
    }
    if (covered != dataBytes) {
      throw new CheckpointException(
          file,
          null,
          "the tensors must fill the data, but "
              + (dataBytes - covered)
              + " bytes trail the last tensor");
    }
  }

  /** Reads the JSON token by token, so that nothing is built that was not asked for. */
  private static final class Reader {
    private final Path file;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** The tensor being read, for messages. */
    private @Nullable String current;

    Reader(Path file) {
      this.file = file;
    }

    SafetensorsHeader read(byte[] json) throws CheckpointException {
      try (JsonParser parser = StrictJson.FACTORY.createParser(StrictJson.decode(json))) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          current = key;
          if (key.equals(METADATA)) {
            readMetadata(parser);
          } else {
            tensors.put(key, readTensor(parser, key));
          }
        }
        current = null;
        if (parser.nextToken() != null) {
          throw fault("the header must be one JSON object, but more follows it");
        }
      } catch (CheckpointException e) {
        throw e;
      } catch (CharacterCodingException e) {
        throw new CheckpointException(file, null, "the header must be UTF-8, but is not", e);
      } catch (JsonProcessingException e) {
        throw new CheckpointException(
            file, current, "the header must be valid JSON, but " + e.getOriginalMessage(), e);
      } catch (IOException e) {
        throw new CheckpointException(file, current, "the header cannot be read: " + e, e);
      }
      return new SafetensorsHeader(tensors, metadata);
    }

    private void readMetadata(JsonParser parser) throws IOException {
      expect(parser, JsonToken.START_OBJECT, "__metadata__ must be an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        expect(parser, JsonToken.VALUE_STRING, "__metadata__." + key + " must be a string");
        metadata.put(key, parser.getText());
      }
    }

    private TensorInfo readTensor(JsonParser parser, String name) throws IOException {
      expect(parser, JsonToken.START_OBJECT, "the entry must be an object");
      Dtype dtype = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        switch (key) {
          case "dtype" -> dtype = readDtype(parser);
          case "shape" -> shape = readSizes(parser, key);
          case "data_offsets" -> offsets = readSizes(parser, key);
          default ->
              throw fault(
                  "fields must be dtype, shape and data_offsets, but there is \"" + key + "\"");
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        throw fault("dtype, shape and data_offsets must all be given");
      }
      return tensor(name, dtype, shape, offsets);
    }

    private TensorInfo tensor(String name, Dtype dtype, List<Long> shape, List<Long> offsets)
        throws CheckpointException {
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw fault("data_offsets must be [begin, end] with begin <= end, but were " + offsets);
      }
      long begin = offsets.get(0);
      long end = offsets.get(1);
      if (spanOf(dtype, shape) != end - begin) {
        throw fault(
            "data_offsets must span "
                + spanOf(dtype, shape)
                + " bytes for dtype "
                + dtype
                + " and shape "
                + shape
                + ", but span "
                + (end - begin));
      }
      return new TensorInfo(name, dtype, shape, begin, end);
    }

    private long spanOf(Dtype dtype, List<Long> shape) throws CheckpointException {
      try {
        return Math.multiplyExact(TensorInfo.elements(shape), (long) dtype.bytes());
      } catch (ArithmeticException e) {
        throw new CheckpointException(
            file, current, "the size of shape must fit in 63 bits, but shape was " + shape, e);
      }
    }

    private Dtype readDtype(JsonParser parser) throws IOException {
      expect(parser, JsonToken.VALUE_STRING, "dtype must be a string");
      String text = parser.getText();
      return Dtype.of(text)
          .orElseThrow(
              () -> fault("dtype must be a known type of whole bytes, but was \"" + text + "\""));
    }

    private List<Long> readSizes(JsonParser parser, String key) throws IOException {
      expect(parser, JsonToken.START_ARRAY, key + " must be a list of integers");
      List<Long> sizes = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw fault(key + " must be a list of integers, but holds " + describe(parser));
        }
        long size = parser.getLongValue();
        if (size < 0) {
          throw fault(key + " must be >= 0, but holds " + size);
        }
        sizes.add(size);
      }
      return sizes;
    }

    private void expect(JsonParser parser, JsonToken token, String rule) throws IOException {
      if (parser.nextToken() != token) {
        throw fault(rule + ", but was " + describe(parser));
      }
    }

    private static String describe(JsonParser parser) throws IOException {
      JsonToken token = parser.currentToken();
      return token == null || token.isStructStart() || token.isStructEnd()
          ? String.valueOf(token)
          : parser.getText();
    }

    private CheckpointException fault(String fault) {
      return new CheckpointException(file, current, fault);
    }
  }
}
