package io.gistream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.model.GoldensReport;
import io.gistream.model.GoldensReport.Comparison;
import io.gistream.model.GoldensReport.Difference;
import io.gistream.model.ModelPackageException;
import io.gistream.model.PackageDescription;
import io.gistream.model.PackageDescription.PackageFile;
import io.gistream.model.PackageDescription.State;
import io.gistream.model.PackageVerification;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Model packages for programs; the shapes are in {@code docs/model-package.md}. */
final class PackageJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Parts of the manifest that go out as they are, where a package has them. */
  private static final List<String> AS_WRITTEN =
      List.of("dims", "limits", "specialTokens", "generation", "selection", "training");

  private PackageJson() {}

  static String describe(PackageDescription model) {
    ObjectNode json = identity(model);
    json.put("memory", model.memory());
    json.put("language", model.language());
    json.put("licence", model.licence());
    ObjectNode state = json.putObject("state");
    OptionalLong bytes = model.bytesPerStream();
    if (bytes.isPresent()) {
      state.put("bytesPerStream", bytes.getAsLong());
    } else {
      state.putNull("bytesPerStream");
    }
    state.put("writtenTokens", model.writtenTokens());
    ArrayNode tensors = state.putArray("tensors");
    for (State tensor : model.state()) {
      ObjectNode described = tensors.addObject();
      described.put("name", tensor.name());
      described.put("type", tensor.type());
      tensor.shape().forEach(described.withArray("shape")::add);
      described.put("bytes", tensor.bytes());
    }
    ArrayNode files = json.putArray("files");
    for (PackageFile file : model.files()) {
      files
          .addObject()
          .put("name", file.name())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256());
    }
    for (String part : AS_WRITTEN) {
      JsonNode value = model.manifest().path(part);
      if (!value.isMissingNode()) {
        json.set(part, value);
      }
    }
    return write(json);
  }

  static String verified(PackageVerification verification) {
    ObjectNode json = identity(verification.description());
    json.put("verified", verification.passed());
    ArrayNode files = json.putArray("files");
    verification.description().files().forEach(file -> files.add(file.name()));
    ArrayNode graphs = json.putArray("graphs");
    verification.graphs().forEach(graphs::add);
    GoldensReport goldens = verification.goldens();
    if (goldens == null) {
      json.putNull("goldens");
    } else {
      json.set("goldens", goldens(goldens));
    }
    json.put("problem", verification.passed() ? null : PackageText.problem(verification));
    return write(json);
  }

  /** What {@link #verified} is for a package in which something else than a value is wrong. */
  static String broken(ModelPackageException e) {
    ObjectNode json = JSON.createObjectNode();
    json.put("location", e.location());
    json.put("verified", false);
    json.put("file", e.file());
    json.put("field", e.field());
    json.put("problem", e.getMessage());
    return write(json);
  }

  private static ObjectNode identity(PackageDescription model) {
    return JSON.createObjectNode()
        .put("location", model.location())
        .put("sha256", model.sha256())
        .put("name", model.name())
        .put("version", model.version())
        .put("family", model.family());
  }

  private static ObjectNode goldens(GoldensReport goldens) {
    ObjectNode json = JSON.createObjectNode();
    json.put("source", goldens.source());
    json.put("segments", goldens.segments());
    json.put("sentences", goldens.sentences());
    ArrayNode comparisons = json.putArray("comparisons");
    for (Comparison comparison : goldens.comparisons()) {
      comparisons
          .addObject()
          .put("field", comparison.field())
          .put("values", comparison.values())
          .put("largestDifference", finite(comparison.largestDifference()))
          .put("allowed", comparison.allowed());
    }
    Difference first = goldens.firstDifference();
    if (first == null) {
      json.putNull("firstDifference");
    } else {
      json.putObject("firstDifference")
          .put("segment", first.segment())
          .put("sentence", first.sentence())
          .put("field", first.field())
          .put("expected", first.expected())
          .put("found", first.found())
          .put("allowed", first.allowed());
    }
    return json;
  }

  /** JSON has no infinity. */
  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String write(ObjectNode json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
