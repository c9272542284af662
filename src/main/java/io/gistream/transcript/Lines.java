package io.gistream.transcript;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an input whose encoding nobody told: UTF-8, UTF-16 with or without a byte order
 * mark, or Windows-1252; gzipped or not. Reads no further than it is asked.
 */
final class Lines {
  private static final int HEAD_BYTES = 32 * 1024;
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private final BufferedInputStream in;
  private final String head;

  /** Set when the encoding is UTF-16; else lines are found in the bytes. */
  private final @Nullable BufferedReader wide;

  private int number;

  private Lines(BufferedInputStream in, byte[] head) throws IOException {
    this.in = in;
    Charset utf16 = utf16(head);
    if (utf16 != null) {
      this.head = withoutMark(new String(head, utf16));
      wide = new BufferedReader(new InputStreamReader(in, utf16));
    } else {
      refuseBinary(head);
      this.head = withoutMark(decode(head));
      wide = null;
    }
  }

  static Lines of(InputStream source) {
    try {
      BufferedInputStream in = new BufferedInputStream(source, HEAD_BYTES);
      byte[] head = peek(in);
      if (head.length > 2 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
        in = new BufferedInputStream(new GZIPInputStream(in), HEAD_BYTES);
        head = peek(in);
      }
      return new Lines(in, head);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the input begins with, without reading it: at least its first line. */
  String head() {
    return head;
  }

  /** Number of the line given last, from 1. */
  int number() {
    return number;
  }

  /** The next line without its end; null behind the last. */
  @Nullable String next() {
    try {
      String line = wide == null ? readBytes() : wide.readLine();
      if (line != null) {
        number++;
      }
      return number == 1 && line != null ? withoutMark(line) : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> rest() {
    List<String> lines = new ArrayList<>();
    for (String line = next(); line != null; line = next()) {
      lines.add(line);
    }
    return lines;
  }

  private @Nullable String readBytes() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    int b = in.read();
    if (b < 0) {
      return null;
    }
    while (b >= 0 && b != '\n' && b != '\r') {
      line.write(b);
      b = in.read();
    }
    if (b == '\r') {
      in.mark(1);
      if (in.read() != '\n') {
        in.reset();
      }
    }
    return decode(line.toByteArray());
  }

  /** Up to {@link #HEAD_BYTES} bytes, fewer when a live source has only its first lines yet. */
  private static byte[] peek(BufferedInputStream in) throws IOException {
    in.mark(HEAD_BYTES);
    byte[] head = new byte[HEAD_BYTES];
    int length = 0;
    boolean line = false;
    while (length < head.length && !(line && in.available() == 0)) {
      int read = in.read(head, length, head.length - length);
      if (read < 0) {
        break;
      }
      for (int i = length; i < length + read; i++) {
        line |= head[i] == '\n' && i > 2;
      }
      length += read;
    }
    in.reset();
    return Arrays.copyOf(head, length);
  }

  /**
   * UTF-8; else Windows-1252 when nothing in it looks like UTF-8; else UTF-8 with the damaged bytes
   * replaced.
   */
  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      String replaced = new String(bytes, StandardCharsets.UTF_8);
      boolean anyWide = replaced.chars().anyMatch(c -> c > 0x7f && c != 0xfffd);
      return anyWide ? replaced : new String(bytes, WINDOWS);
    }
  }

  private static @Nullable Charset utf16(byte[] head) {
    if (head.length < 2) {
      return null;
    }
    if (head[0] == (byte) 0xfe && head[1] == (byte) 0xff) {
      return StandardCharsets.UTF_16BE;
    }
    if (head[0] == (byte) 0xff && head[1] == (byte) 0xfe) {
      return StandardCharsets.UTF_16LE;
    }
    int[] zeros = new int[2];
    int length = Math.min(head.length, 400) & ~1;
    for (int i = 0; i < length; i++) {
      zeros[i & 1] += head[i] == 0 ? 1 : 0;
    }
    if (zeros[1] * 5 > length * 2 && zeros[0] == 0) {
      return StandardCharsets.UTF_16LE;
    }
    return zeros[0] * 5 > length * 2 && zeros[1] == 0 ? StandardCharsets.UTF_16BE : null;
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static void refuseBinary(byte[] head) {
    String kind =
        binaryKind(new String(head, 0, Math.min(head.length, 512), StandardCharsets.ISO_8859_1));
    if (kind != null) {
      throw new TranscriptException(
          "This is not a transcript in text form but "
              + kind
              + ". Export it as plain text, WebVTT, SubRip or JSON.");
    }
  }

  private static @Nullable String binaryKind(String head) {
    if (head.startsWith("PK\u0003\u0004")) {
      return "a zip archive (a Word document is one)";
    }
    if (head.startsWith("%PDF")) {
      return "a PDF document";
    }
    if (head.stripLeading().regionMatches(true, 0, "<!doctype html", 0, 14)
        || head.stripLeading().regionMatches(true, 0, "<html", 0, 5)) {
      return "a web page";
    }
    if (head.startsWith("{\\rtf")) {
      return "a rich text document";
    }
    if (head.startsWith("\u00d0\u00cf\u0011\u00e0")) {
      return "an old Office document";
    }
    if (head.startsWith("RIFF")
        || head.startsWith("ID3")
        || head.startsWith("OggS")
        || head.startsWith("fLaC")
        || head.startsWith("ftyp", 4)
        || head.startsWith("\u001aE\u00df\u00a3")) {
      return "a recording, which a speech recogniser must transcribe first";
    }
    return head.indexOf('\0') >= 0 ? "binary data" : null;
  }
}
