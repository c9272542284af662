package io.gistream.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.gistream.model.ModelManifest.Dims;
import io.gistream.model.ModelManifest.EarlyStopping;
import io.gistream.model.ModelManifest.Generation;
import io.gistream.model.ModelManifest.Limits;
import io.gistream.model.ModelManifest.SpecialTokens;
import io.gistream.model.ModelManifest.StateTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks {@code model.json}. Fields it does not know are left alone, so that a package
 * may say more about itself than this runtime needs.
 */
final class ManifestReader {
  static final int FORMAT = 1;

  /** The family that scores sentences as they were said. */
  static final String COMPACT = "compact";

  /** All families; those beside {@link #COMPACT} write sentences of their own. */
  static final List<String> FAMILIES = List.of(COMPACT, "t5", "bart");

  static final String NO_MEMORY = "none";

  /** The memory that keeps everything: its tensors grow. */
  static final String FULL_MEMORY = "full";

  /** More would be a text, not what one segment adds to it. */
  private static final int MAX_NEW_TOKENS = 1024;

  /** The prefix is fed again for each segment. */
  private static final int MAX_PREFIX_TOKENS = 4096;

  static final int MAX_BEAMS = 64;
  private static final double MAX_LENGTH_PENALTY = 100;

  /** A stream's memory is kept in a store and travels in one record. */
  private static final long MAX_STATE_BYTES = 16L << 20;

  private static final int MAX_RANK = 7;

  private static final String NEWER = "use the Gistream release that this package was made for";
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern TENSOR_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ManifestReader() {}

  static ModelManifest read(PackageSource source, byte[] json) {
    ManifestField root = new ManifestField(source, "", parse(source, ModelPackage.MANIFEST, json));
    int format = root.get("format").positiveInt();
    if (format != FORMAT) {
      throw root.get("format").fault(Integer.toString(FORMAT), NEWER);
    }
    String family = root.get("family").text();
    if (!FAMILIES.contains(family)) {
      throw root.get("family").fault("one of " + FAMILIES, NEWER);
    }
    boolean writes = !family.equals(COMPACT);
    String memory = root.get("memory").text();
    Dims dims = writes ? writerDims(root.get("dims")) : dims(root.get("dims"));
    List<StateTensor> state = state(root.get("state"), memory);
    return new ModelManifest(
        format,
        root.get("name").text(),
        root.get("version").text(),
        family,
        memory,
        root.get("language").text(),
        root.get("licence").text(),
        dims,
        limits(root.get("limits")),
        specialTokens(root.get("specialTokens"), writes),
        state,
        selection(root.get("selection")),
        writes ? generation(root.get("generation"), dims.vocabulary()) : null,
        files(root.get("files"), !state.isEmpty()));
  }

  static JsonNode parse(PackageSource source, String file, byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw source.fault(
          file, null, "a JSON object", e.getOriginalMessage() + where, PackageSource.COPY_AGAIN, e);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }

  private static Dims dims(ManifestField dims) {
    int features = dims.get("features").positiveInt();
    if (features != SentenceFeatures.COUNT) {
      throw dims.get("features").fault(Integer.toString(SentenceFeatures.COUNT), NEWER);
    }
    return new Dims(
        dims.get("encoder").positiveInt(),
        features,
        dims.get("layers").positiveInt(),
        dims.get("heads").positiveInt(),
        dims.get("head").positiveInt(),
        0);
  }

  private static Dims writerDims(ManifestField dims) {
    return new Dims(
        dims.get("encoder").positiveInt(),
        0,
        dims.get("layers").positiveInt(),
        dims.get("heads").positiveInt(),
        dims.get("head").positiveInt(),
        dims.get("vocabulary").positiveInt());
  }

  private static Generation generation(ManifestField generation, int vocabulary) {
    int last = vocabulary - 1;
    int end = generation.get("endOfSegment").intFrom(0, last);
    @Nullable ManifestField forced = generation.getNullable("forcedFirst");
    List<Integer> suppressed =
        generation.get("suppressed").elements().stream()
            .map(token -> token.intFrom(0, last))
            .toList();
    if (new HashSet<>(suppressed).size() + 2 > vocabulary) {
      throw generation.get("suppressed").fault("at least two tokens left to write");
    }
    int newTokens = generation.get("newTokens").intFrom(1, MAX_NEW_TOKENS);
    double penalty = generation.get("lengthPenalty").number();
    if (Math.abs(penalty) > MAX_LENGTH_PENALTY) {
      throw generation
          .get("lengthPenalty")
          .fault("a number from -%1$.0f to %1$.0f".formatted(MAX_LENGTH_PENALTY));
    }
    return new Generation(
        generation.get("start").intFrom(0, last),
        end,
        forced == null ? null : (Integer) forced.intFrom(0, last),
        suppressed,
        generation.get("inputPrefix").anyText(),
        generation.get("prefixTokens").intFrom(0, MAX_PREFIX_TOKENS),
        newTokens,
        generation.get("minTokens").intFrom(0, newTokens),
        generation.get("beams").intFrom(1, Math.min(MAX_BEAMS, vocabulary)),
        penalty,
        earlyStopping(generation.get("earlyStopping")),
        generation.get("noRepeatNgram").intFrom(0, MAX_NEW_TOKENS));
  }

  private static EarlyStopping earlyStopping(ManifestField field) {
    if (field.is(BooleanNode.TRUE)) {
      return EarlyStopping.AT_ONCE;
    }
    if (field.is(BooleanNode.FALSE)) {
      return EarlyStopping.WHEN_NO_BETTER_NOW;
    }
    if (field.is(TextNode.valueOf("never"))) {
      return EarlyStopping.WHEN_NO_BETTER_EVER;
    }
    throw field.fault("true, false or \"never\"");
  }

  private static Limits limits(ManifestField limits) {
    int rowTokens = limits.get("rowTokens").positiveInt();
    if (rowTokens < 3) {
      throw limits.get("rowTokens").fault("3 or more (two are special tokens)");
    }
    ManifestField buckets = limits.get("rowBuckets");
    List<Integer> sizes = buckets.positiveInts();
    for (int i = 1; i < sizes.size(); i++) {
      if (sizes.get(i) <= sizes.get(i - 1)) {
        throw buckets.fault("sizes in rising order");
      }
    }
    if (sizes.isEmpty() || sizes.get(sizes.size() - 1) < rowTokens) {
      throw buckets.fault("a last size of at least limits.rowTokens, " + rowTokens);
    }
    return new Limits(limits.get("segmentSentences").positiveInt(), rowTokens, sizes);
  }

  private static SpecialTokens specialTokens(ManifestField tokens, boolean writes) {
    @Nullable ManifestField cls = writes ? tokens.getNullable("cls") : tokens.get("cls");
    return new SpecialTokens(
        cls == null ? null : (Integer) cls.tokenId(),
        tokens.get("sep").tokenId(),
        tokens.get("pad").tokenId());
  }

  private static List<StateTensor> state(ManifestField state, String memory) {
    List<StateTensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long bytes = 0;
    for (ManifestField field : state.elements()) {
      String name = field.get("name").text();
      if (!TENSOR_NAME.matcher(name).matches() || !names.add(name)) {
        throw field.get("name").fault("a name of letters, digits and _ that no other tensor has");
      }
      String type = field.get("type").text();
      if (!MemoryLayout.TYPES.contains(type)) {
        throw field.get("type").fault("one of " + MemoryLayout.TYPES);
      }
      List<Integer> shape = shape(field.get("shape"), memory);
      StateTensor tensor = new StateTensor(name, type, shape);
      bytes += MemoryLayout.byteSize(tensor);
      if (bytes > MAX_STATE_BYTES) {
        throw field.get("shape").fault("at most %d bytes in all".formatted(MAX_STATE_BYTES));
      }
      tensors.add(tensor);
    }
    if (tensors.isEmpty() != memory.equals(NO_MEMORY)) {
      throw state.fault(
          tensors.isEmpty()
              ? "the tensors of memory \"%s\"".formatted(memory)
              : "an empty array, since memory is \"none\"");
    }
    return List.copyOf(tensors);
  }

  private static List<Integer> shape(ManifestField field, String memory) {
    boolean mayGrow = memory.equals(FULL_MEMORY);
    List<Integer> shape = new ArrayList<>();
    for (ManifestField dim : field.elements()) {
      boolean grows = dim.is(IntNode.valueOf(StateTensor.GROWING));
      if (grows && (!mayGrow || shape.contains(StateTensor.GROWING))) {
        throw field.fault(
            mayGrow ? "at most one axis of -1" : "no axis of -1, since memory is not \"full\"");
      }
      shape.add(grows ? StateTensor.GROWING : dim.positiveInt());
    }
    if (shape.isEmpty() || shape.size() > MAX_RANK) {
      throw field.fault("1 to %d dimensions".formatted(MAX_RANK));
    }
    return List.copyOf(shape);
  }

  private static Map<String, Double> selection(ManifestField selection) {
    Map<String, Double> values = new LinkedHashMap<>();
    selection.members().forEach((name, field) -> values.put(name, field.number()));
    return Collections.unmodifiableMap(values);
  }

  private static Map<String, String> files(ManifestField files, boolean hasMemory) {
    Map<String, String> digests = digests(files);
    files.get(ModelPackage.TOKENIZER);
    files.get(ModelPackage.ENCODER);
    files.get(ModelPackage.DECODER);
    if (hasMemory) {
      files.get(ModelPackage.MEMORY);
    }
    return Collections.unmodifiableMap(digests);
  }

  /** File name -> SHA-256, in the order written. No name leads out of the package. */
  static Map<String, String> digests(ManifestField files) {
    Map<String, String> digests = new LinkedHashMap<>();
    files
        .members()
        .forEach(
            (name, field) -> {
              if (!FILE_NAME.matcher(name).matches()) {
                throw field.fault(
                    "a plain file name (letters, digits and ._-) as the key, beside model.json");
              }
              if (!SHA256.matcher(field.text()).matches()) {
                throw field.fault("a SHA-256 in lower-case hex");
              }
              digests.put(name, field.text());
            });
    return digests;
  }
}
