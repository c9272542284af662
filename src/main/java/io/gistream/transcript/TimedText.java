package io.gistream.transcript;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads captions in XML: TTML and the kinds that YouTube serves. */
final class TimedText {
  private TimedText() {}

  static List<Turn> read(String xml) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // nothing outside the file is read, whatever it declares
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    List<Cues.Cue> cues = new ArrayList<>();
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml.strip()));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT && isCaption(reader.getLocalName())) {
          cues.add(cue(reader));
        }
      }
    } catch (XMLStreamException e) {
      throw new TranscriptException(
          "The captions are not well-formed XML: line "
              + e.getLocation().getLineNumber()
              + ": "
              + TranscriptException.excerpt(
                  String.valueOf(e.getMessage()).replaceAll("(?s).*Message: ", ""))
              + ". Correct it, or export them as WebVTT.",
          e);
    }
    cues.removeIf(cue -> cue.lines().isEmpty());
    return CaptionText.turns(RollingCaptions.withoutRepeats(cues));
  }

  private static boolean isCaption(String element) {
    return element.equals("p") || element.equals("text");
  }

  private static Cues.Cue cue(XMLStreamReader reader) throws XMLStreamException {
    Long start = millis(reader, "begin", "start", "t");
    Long end = millis(reader, "end", "end", "end");
    Long duration = millis(reader, "dur", "dur", "d");
    if (end == null && start != null && duration != null) {
      end = start + duration;
    }
    StringBuilder text = new StringBuilder();
    int depth = 1;
    while (depth > 0 && reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          text.append(reader.getLocalName().equals("br") ? " " : "");
        }
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        default -> {}
      }
    }
    String line = text.toString().strip();
    return new Cues.Cue(start, end, line.isEmpty() ? List.of() : List.of(line));
  }

  /** A time: a clock or seconds in the first two attributes, milliseconds in the third. */
  private static @Nullable Long millis(
      XMLStreamReader reader, String clock, String seconds, String milliseconds) {
    String value = reader.getAttributeValue(null, clock);
    value = value == null ? reader.getAttributeValue(null, seconds) : value;
    if (value != null) {
      return Timestamps.parse(value.endsWith("ms") ? "" : value);
    }
    String millis = reader.getAttributeValue(null, milliseconds);
    return millis != null && millis.matches("\\d{1,12}") ? (Long) Long.parseLong(millis) : null;
  }
}
