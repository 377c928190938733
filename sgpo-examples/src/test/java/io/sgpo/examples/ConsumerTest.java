package io.sgpo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The consumer project lies outside the build, so its versions are held to the build's here. */
class ConsumerTest {

  private static Element project(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  /** The text of a path of child elements. */
  private static String text(Element element, String... path) {
    Element at = element;
    for (String name : path) {
      at = child(at, name);
    }
    return at.getTextContent().strip();
  }

  private static Element child(Element parent, String name) {
    NodeList children = parent.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      Node node = children.item(i);
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    throw new AssertionError(parent.getTagName() + " has no " + name);
  }

  @Test
  void itsVersionsAreThoseOfTheBuild() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    Element build = project(root.resolve("pom.xml"));
    Element consumer = project(Path.of("consumer/pom.xml"));
    assertEquals(text(build, "version"), text(consumer, "properties", "sgpo.version"));
    for (String version :
        List.of(
            "maven.compiler.release",
            "djl.version",
            "pytorch.version",
            "slf4j.version",
            "junit.version")) {
      assertEquals(
          text(build, "properties", version), text(consumer, "properties", version), version);
    }
    String plugins = Files.readString(root.resolve("pom.xml"));
    NodeList used = consumer.getElementsByTagName("plugin");
    assertTrue(used.getLength() > 0);
    for (int i = 0; i < used.getLength(); i++) {
      Element plugin = (Element) used.item(i);
      String name = text(plugin, "artifactId");
      String line = "<artifactId>" + name + "</artifactId>";
      String managed = plugins.substring(plugins.indexOf(line) + line.length()).strip();
      assertTrue(
          managed.startsWith("<version>" + text(plugin, "version") + "</version>"),
          name + " " + managed.lines().findFirst().orElse(""));
    }
  }

  @Test
  void itIsNotPartOfTheBuildAndHasNoParent() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    assertFalse(Files.readString(root.resolve("pom.xml")).contains("consumer"));
    assertEquals(
        0, project(Path.of("consumer/pom.xml")).getElementsByTagName("parent").getLength());
  }
}
