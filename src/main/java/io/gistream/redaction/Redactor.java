package io.gistream.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.RedactionOptions;
import io.gistream.config.RedactionOptions.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Masks texts. The same text gives the same text: nothing else is looked at, neither chunks before
 * nor the speaker. Thread-safe.
 */
public final class Redactor {
  private static final Pattern LINE = Pattern.compile("([a-z][a-z0-9-]*)\\s+(\\S.*)");

  private static final String EMAIL =
      "[\\pL\\pN._%+'-]+@[\\pL\\pN][\\pL\\pN-]*(?:\\.[\\pL\\pN-]+)+";

  /** International; ten digits as in North America; national with a leading zero. */
  private static final List<String> PHONES =
      List.of(
          "(?:\\+|\\b00)[1-9](?:[ ./()-]{0,2}[0-9]){6,14}\\b",
          "(?:\\([0-9]{3}\\) ?|\\b[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}\\b",
          "\\b0[1-9](?:[ ./()-]{0,2}[0-9]){7,12}\\b");

  private final List<Mask> masks;

  /**
   * @throws IllegalArgumentException with everything that is wrong in the file of expressions
   */
  public Redactor(RedactionOptions options) {
    List<Mask> masks = new ArrayList<>();
    for (Kind kind : options.kinds()) {
      switch (kind) {
        case EMAIL -> masks.add(ExpressionMask.of("email", EMAIL));
        case CARD -> masks.add(new CardMask());
        case PHONE -> PHONES.forEach(phone -> masks.add(ExpressionMask.of("phone", phone)));
      }
    }
    options.expressions().ifPresent(file -> masks.addAll(read(file)));
    this.masks = List.copyOf(masks);
  }

  private static List<Mask> read(Path file) {
    List<Mask> masks = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file, UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("redaction.expressions: cannot read " + file + ": " + e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher parts = LINE.matcher(line);
      try {
        if (!parts.matches()) {
          throw new IllegalArgumentException(
              "must be a name in lower case, a blank, an expression");
        }
        masks.add(ExpressionMask.of(parts.group(1), parts.group(2)));
      } catch (IllegalArgumentException e) {
        wrong.add("line " + (i + 1) + ": " + e.getMessage());
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "redaction.expressions: " + file + ":\n  " + String.join("\n  ", wrong));
    }
    return masks;
  }

  /** The text with everything masked, one kind after the other. */
  public String apply(String text) {
    String masked = text;
    for (Mask mask : masks) {
      masked = mask.apply(masked);
    }
    return masked;
  }

  /** The chunk with its text, speaker and the values of its attributes masked. */
  public TranscriptChunk apply(TranscriptChunk chunk) {
    Map<String, String> attributes = new LinkedHashMap<>();
    chunk.getAttributes().forEach((name, value) -> attributes.put(name, apply(value)));
    @Nullable String speaker = chunk.getSpeaker();
    return new TranscriptChunk(
        chunk.getStreamId(),
        chunk.getSequence(),
        apply(chunk.getText()),
        speaker == null ? null : apply(speaker),
        chunk.getStartMillis(),
        chunk.getEndMillis(),
        chunk.getStatus(),
        chunk.getEndOfStream(),
        attributes);
  }
}
