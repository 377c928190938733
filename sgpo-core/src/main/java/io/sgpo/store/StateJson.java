package io.sgpo.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sgpo.run.RunState;
import java.util.ArrayList;
import java.util.List;

/**
 * States as JSON. Doubles have a decimal point or are {@code "NaN"}, {@code "Infinity"}, {@code
 * "-Infinity"}; an array with a whole number first is one of whole numbers.
 */
final class StateJson {

  private StateJson() {}

  static ObjectNode write(RunState state) {
    ObjectNode node = Json.object();
    for (String name : state.names()) {
      write(node, name, state.value(name));
    }
    return node;
  }

  private static void write(ObjectNode node, String name, Object value) {
    if (value instanceof Long whole) {
      node.put(name, whole);
    } else if (value instanceof Double number) {
      node.put(name, number);
    } else if (value instanceof Boolean flag) {
      node.put(name, flag);
    } else if (value instanceof String text) {
      node.put(name, text);
    } else if (value instanceof RunState state) {
      node.set(name, write(state));
    } else {
      writeArray(node.putArray(name), value);
    }
  }

  private static void writeArray(ArrayNode array, Object value) {
    if (value instanceof long[] whole) {
      for (long each : whole) {
        array.add(each);
      }
    } else if (value instanceof double[] numbers) {
      for (double each : numbers) {
        array.add(each);
      }
    } else {
      for (Object each : (List<?>) value) {
        array.add(write((RunState) each));
      }
    }
  }

  /**
   * @throws IllegalArgumentException if a value is of no type that states have
   */
  static RunState read(JsonNode node) {
    RunState state = new RunState();
    node.properties().forEach(field -> read(state, field.getKey(), field.getValue()));
    return state;
  }

  private static void read(RunState state, String name, JsonNode value) {
    if (value.isIntegralNumber()) {
      state.put(name, value.longValue());
    } else if (value.isNumber()) {
      state.put(name, value.doubleValue());
    } else if (value.isBoolean()) {
      state.put(name, value.booleanValue());
    } else if (value.isTextual()) {
      state.put(name, value.textValue());
    } else if (value.isObject()) {
      state.put(name, read(value));
    } else if (value.isArray()) {
      readArray(state, name, value);
    } else {
      throw new IllegalArgumentException(
          name + " must be a value of a state, but was " + value.getNodeType());
    }
  }

  private static void readArray(RunState state, String name, JsonNode array) {
    if (array.isEmpty() || array.get(0).isIntegralNumber()) {
      long[] whole = new long[array.size()];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = array.get(i).longValue();
      }
      state.put(name, whole);
    } else if (array.get(0).isObject()) {
      List<RunState> states = new ArrayList<>();
      array.forEach(each -> states.add(read(each)));
      state.put(name, states);
    } else {
      double[] numbers = new double[array.size()];
      for (int i = 0; i < numbers.length; i++) {
        JsonNode each = array.get(i);
        numbers[i] = each.isTextual() ? Double.parseDouble(each.textValue()) : each.doubleValue();
      }
      state.put(name, numbers);
    }
  }
}
