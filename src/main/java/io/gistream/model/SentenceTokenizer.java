package io.gistream.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.gistream.model.ModelManifest.SpecialTokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From a text to its row of token ids, and from tokens written to their text. Thread-safe. */
final class SentenceTokenizer implements Resources.Resource {
  /**
   * Characters of a sentence that are looked at, for each token that is read. English has about
   * five; the rest is so long that only white space or one unbroken "word" can fill it.
   */
  private static final int CHARACTERS_PER_TOKEN = 64;

  /** Characters that {@link #count} hands over at once. */
  private static final int PIECE = 4096;

  private static final char REPLACEMENT = '\uFFFD';

  private final HuggingFaceTokenizer tokenizer;
  private final int rowTokens;

  private SentenceTokenizer(HuggingFaceTokenizer tokenizer, int rowTokens) {
    this.tokenizer = tokenizer;
    this.rowTokens = rowTokens;
  }

  static SentenceTokenizer open(ModelPackage model) {
    NativeLibraries.tokenizers();
    HuggingFaceTokenizer tokenizer = parse(model);
    try {
      ModelManifest manifest = model.manifest();
      var opened = new SentenceTokenizer(tokenizer, manifest.limits().rowTokens());
      SpecialTokens special = manifest.specialTokens();
      @Nullable Integer cls = special.cls();
      long[] expected = cls == null ? new long[] {special.sep()} : new long[] {cls, special.sep()};
      long[] empty = opened.row("");
      if (!Arrays.equals(empty, expected)) {
        throw model
            .source()
            .fault(
                ModelPackage.TOKENIZER,
                "post_processor",
                "an empty text as %s = %s"
                    .formatted(cls == null ? "[sep]" : "[cls, sep]", Arrays.toString(expected)),
                Arrays.toString(empty),
                PackageSource.EXPORT_AGAIN);
      }
      return opened;
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer parse(ModelPackage model) {
    byte[] json = model.bytes(ModelPackage.TOKENIZER);
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"));
    } catch (RuntimeException | IOException e) {
      throw model
          .source()
          .fault(
              ModelPackage.TOKENIZER,
              null,
              "a Hugging Face tokenizer",
              String.valueOf(e.getMessage()),
              PackageSource.EXPORT_AGAIN,
              e);
    }
  }

  /**
   * The token ids of a text, special tokens included; at most {@code limits.rowTokens} of them, the
   * last always the closing one. Of a sentence of more than 64 characters per token of a row only
   * the beginning is looked at.
   */
  long[] row(String sentence) {
    int limit = Math.min(sentence.length(), rowTokens * CHARACTERS_PER_TOKEN);
    String start = wellFormed(sentence.substring(0, endOfCharacter(sentence, limit)));
    long[] ids = encode(start, true);
    if (ids.length <= rowTokens) {
      return ids;
    }
    long[] cut = Arrays.copyOf(ids, rowTokens);
    cut[rowTokens - 1] = ids[ids.length - 1];
    return cut;
  }

  /** Whether the row of a text holds all of it. */
  boolean fits(String text) {
    return text.length() <= rowTokens * CHARACTERS_PER_TOKEN
        && encode(wellFormed(text), true).length <= rowTokens;
  }

  /** The text of tokens, special ones left out. */
  String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /**
   * Number of tokens of a text, special tokens not counted. A long text is counted in pieces cut at
   * white space, where tokens end anyway.
   */
  int count(String text) {
    int tokens = 0;
    for (int from = 0; from < text.length(); ) {
      int to = endOfPiece(text, from);
      tokens += encode(wellFormed(text.substring(from, to)), false).length;
      from = to;
    }
    return tokens;
  }

  private long[] encode(String text, boolean withSpecialTokens) {
    Encoding encoding = tokenizer.encode(text, withSpecialTokens, false);
    return encoding.getIds();
  }

  private static int endOfPiece(String text, int from) {
    if (text.length() - from <= PIECE) {
      return text.length();
    }
    for (int i = from + PIECE; i > from + 1; i--) {
      if (Character.isWhitespace(text.charAt(i - 1))) {
        return i;
      }
    }
    return endOfCharacter(text, from + PIECE);
  }

  /** {@code end}, or one less where it would cut a surrogate pair in two. */
  private static int endOfCharacter(String text, int end) {
    boolean insidePair =
        end > 0
            && end < text.length()
            && Character.isHighSurrogate(text.charAt(end - 1))
            && Character.isLowSurrogate(text.charAt(end));
    return insidePair ? end - 1 : end;
  }

  /** The text with each lone surrogate replaced by U+FFFD: half a character has no UTF-8. */
  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, REPLACEMENT);
    }
    return repaired == null ? text : repaired.toString();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
