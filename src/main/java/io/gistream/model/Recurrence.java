package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The step of the recurrence, for many streams at once: decode a segment, fold it into memory. */
final class Recurrence {
  /** Segments of a batch: more of them are no faster and need a larger arena. */
  static final int MAX_SEGMENTS = 16;

  private final ModelManifest manifest;
  private final MemoryLayout layout;
  private final Graph decoder;
  private final @Nullable Graph memory;

  /**
   * @param memory null for a model without memory
   */
  Recurrence(ModelManifest manifest, MemoryLayout layout, Graph decoder, @Nullable Graph memory) {
    this.manifest = manifest;
    this.layout = layout;
    this.decoder = decoder;
    this.memory = memory;
  }

  List<float[]> decode(List<Segment> segments) {
    segments.forEach(this::check);
    List<float[]> salience = new ArrayList<>(segments.size());
    for (List<Segment> batch : batches(segments)) {
      FloatBuffer output = decoder.run(inputs -> fill(inputs, batch)).get(0).asFloatBuffer();
      for (int i = 0; i < batch.size(); i++) {
        float[] logits = new float[batch.get(i).sentences().size()];
        output.position(i * manifest.limits().segmentSentences()).get(logits);
        salience.add(logits);
      }
    }
    return salience;
  }

  List<Memory> fold(List<Segment> segments) {
    segments.forEach(this::check);
    if (memory == null) {
      return segments.stream().map(Segment::memory).toList();
    }
    List<Memory> next = new ArrayList<>(segments.size());
    for (List<Segment> batch : batches(segments)) {
      List<ByteBuffer> outputs = memory.run(inputs -> fill(inputs, batch));
      for (int i = 0; i < batch.size(); i++) {
        next.add(layout.gather(outputs));
      }
      MemoryLayout.checkTaken(outputs);
    }
    return next;
  }

  private List<List<Segment>> batches(List<Segment> segments) {
    // memories that grow differ in length
    int most = layout.grows() ? 1 : MAX_SEGMENTS;
    List<List<Segment>> batches = new ArrayList<>();
    for (int from = 0; from < segments.size(); from += most) {
      batches.add(segments.subList(from, Math.min(segments.size(), from + most)));
    }
    return batches;
  }

  private void check(Segment segment) {
    int limit = manifest.limits().segmentSentences();
    if (segment.sentences().size() > limit) {
      throw new IllegalArgumentException(
          "a segment has %d sentences, limit %d (limits.segmentSentences); give it as several"
              .formatted(segment.sentences().size(), limit));
    }
    for (EncodedSentence sentence : segment.sentences()) {
      if (sentence.state().length != manifest.dims().encoder()) {
        throw new IllegalArgumentException(
            "a sentence's state has %d floats, model %s has %d; encode it with this model"
                .formatted(sentence.state().length, layout.model(), manifest.dims().encoder()));
      }
    }
    if (!segment.memory().layout().isOf(layout)) {
      throw layout.ofAnotherModel(segment.memory().layout().model());
    }
  }

  /** The segments, each padded with zeros to the fixed number of sentences. */
  private void fill(GraphInputs inputs, List<Segment> batch) throws OrtException {
    int size = batch.size();
    int rows = manifest.limits().segmentSentences();
    int width = manifest.dims().encoder();
    FloatBuffer states =
        inputs.add("states", OnnxJavaType.FLOAT, size, rows, width).asFloatBuffer();
    FloatBuffer features =
        inputs
            .add("features", OnnxJavaType.FLOAT, size, rows, SentenceFeatures.COUNT)
            .asFloatBuffer();
    FloatBuffer mask = inputs.add("mask", OnnxJavaType.FLOAT, size, rows).asFloatBuffer();
    for (int i = 0; i < size; i++) {
      int row = i * rows;
      long before = batch.get(i).sentencesBefore();
      for (EncodedSentence sentence : batch.get(i).sentences()) {
        states.position(row * width).put(sentence.state());
        features.position(row * SentenceFeatures.COUNT);
        SentenceFeatures.append(features, sentence.text(), before++);
        mask.put(row++, 1);
      }
    }
    for (int i = 0; i < manifest.state().size(); i++) {
      StateTensor tensor = manifest.state().get(i);
      ByteBuffer values =
          inputs.add(
              tensor.name(),
              GraphSignature.type(tensor),
              layout.shape(i, size, batch.get(0).memory()));
      for (Segment segment : batch) {
        segment.memory().copy(i, values);
      }
    }
  }
}
