package io.gistream.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the marked up lines of captions into who said what. */
final class CaptionText {
  private static final Pattern VOICE =
      Pattern.compile("<v(?:\\.[^\\s<>]{0,60})?\\s+([^<>]{1,128})>", Pattern.CASE_INSENSITIVE);

  private static final Pattern LINE_BREAK = Pattern.compile("<br\\s?/?>", Pattern.CASE_INSENSITIVE);

  /** Tags, the times in WebVTT's karaoke, and the positions of SubRip's {@code {\an8}}. */
  private static final Pattern TAG =
      Pattern.compile("</?[A-Za-z][^<>]{0,200}>|<[\\d:.]{3,20}>|\\{\\\\[^{}]{0,100}\\}");

  private static final Pattern ENTITY =
      Pattern.compile("&(#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,5});");

  private static final Map<String, String> ENTITIES =
      Map.of(
          "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ", "lrm", "",
          "rlm", "");

  private final Set<String> names;
  private final List<Turn> turns = new ArrayList<>();

  /** Who spoke last, for captions that name a speaker only when it changes. */
  private @Nullable String speaker;

  private CaptionText(Set<String> names) {
    this.names = names;
  }

  static List<Turn> turns(List<Cues.Cue> cues) {
    List<String> lines = new ArrayList<>();
    for (Cues.Cue cue : cues) {
      cue.lines().forEach(line -> lines.add(withoutArrows(plain(line))));
    }
    CaptionText reader = new CaptionText(SpeakerNames.consistent(lines));
    cues.forEach(reader::read);
    return reader.turns;
  }

  private void read(Cues.Cue cue) {
    StringBuilder text = new StringBuilder();
    long dashes = cue.lines().stream().filter(line -> line.matches("[-–]\\s?\\S.*")).count();
    String voice = null;
    for (String line : cue.lines()) {
      Matcher voices = VOICE.matcher(line);
      int from = 0;
      while (voices.find()) {
        said(cue, text, line.substring(from, voices.start()), voice, dashes);
        finish(cue, text, voice);
        voice = SpeakerNames.clean(decoded(voices.group(1)));
        from = voices.end();
      }
      said(cue, text, line.substring(from), voice, dashes);
    }
    finish(cue, text, voice);
  }

  private void said(
      Cues.Cue cue, StringBuilder text, String marked, @Nullable String voice, long dashes) {
    String line = plain(marked);
    boolean arrows = line.startsWith(">>");
    String said = withoutArrows(line);
    SpeakerNames.Prefix prefix = voice == null ? SpeakerNames.prefix(said) : null;
    boolean named = prefix != null && (arrows || names.contains(prefix.name()));
    boolean dashed = dashes >= 2 && said.matches("[-–].*");
    if (arrows || named || dashed) {
      finish(cue, text, voice);
      speaker = null;
    }
    if (named && prefix != null) {
      speaker = prefix.name();
      said = prefix.rest();
    }
    if (dashed) {
      said = said.substring(1).strip();
    }
    if (!said.isEmpty()) {
      text.append(text.length() == 0 ? "" : " ").append(said);
    }
  }

  private void finish(Cues.Cue cue, StringBuilder text, @Nullable String voice) {
    if (text.length() > 0) {
      turns.add(
          new Turn(
              text.toString(),
              voice == null ? speaker : voice,
              cue.startMillis(),
              cue.endMillis()));
      text.setLength(0);
    }
  }

  /** The line without the {@code >>} that marks a change of the speaker. */
  private static String withoutArrows(String line) {
    int from = 0;
    while (from < line.length() && line.charAt(from) == '>') {
      from++;
    }
    return from < 2 ? line : line.substring(from).strip();
  }

  /** A line without tags, its entities resolved, its white space collapsed. */
  static String plain(String line) {
    String text = line;
    if (text.indexOf('<') >= 0 || text.indexOf('{') >= 0) {
      text = TAG.matcher(LINE_BREAK.matcher(text).replaceAll(" ")).replaceAll("");
    }
    return decoded(text).replaceAll("[\\s\\u00a0\\u200b\\u200e\\u200f]+", " ").strip();
  }

  private static String decoded(String text) {
    if (text.indexOf('&') < 0) {
      return text;
    }
    return ENTITY
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(entity(match.group(), match.group(1))));
  }

  private static String entity(String whole, String name) {
    if (name.charAt(0) != '#') {
      return ENTITIES.getOrDefault(name, whole);
    }
    boolean hexadecimal = Character.toLowerCase(name.charAt(1)) == 'x';
    int codePoint =
        hexadecimal ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
    boolean character =
        Character.isValidCodePoint(codePoint) && (codePoint < 0xd800 || codePoint > 0xdfff);
    return character ? Character.toString(codePoint) : whole;
  }
}
