package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Limits;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From sentences to their states: rows of one length go through the encoder together. */
final class SentenceEncoder {
  /**
   * Tokens of a batch. Throughput peaks about here: what lies between two layers outgrows the
   * caches of a core beyond it, and the arena grows with it.
   */
  static final int MAX_TOKENS = 512;

  /** Tokens of a batch with the padding, which only attention works on. */
  private static final int MAX_PLACES = 1024;

  private final SentenceTokenizer tokenizer;
  private final Graph graph;
  private final Limits limits;
  private final int pad;
  private final int stateSize;

  SentenceEncoder(SentenceTokenizer tokenizer, Graph graph, ModelManifest manifest) {
    this.tokenizer = tokenizer;
    this.graph = graph;
    this.limits = manifest.limits();
    this.pad = manifest.specialTokens().pad();
    this.stateSize = manifest.dims().encoder();
  }

  List<EncodedSentence> encode(List<String> sentences) {
    List<long[]> rows = sentences.stream().map(tokenizer::row).toList();
    float[][] states = new float[rows.size()][stateSize];
    int longerThan = 0;
    for (int length : limits.rowBuckets()) {
      List<Integer> batch = new ArrayList<>();
      int tokens = 0;
      for (int i = 0; i < rows.size(); i++) {
        int more = rows.get(i).length;
        if (more <= longerThan || more > length) {
          continue;
        }
        boolean full = tokens + more > MAX_TOKENS || (batch.size() + 1) * length > MAX_PLACES;
        if (full && !batch.isEmpty()) {
          run(rows, length, batch, states);
          batch.clear();
          tokens = 0;
        }
        batch.add(i);
        tokens += more;
      }
      if (!batch.isEmpty()) {
        run(rows, length, batch, states);
      }
      longerThan = length;
    }
    List<EncodedSentence> encoded = new ArrayList<>(rows.size());
    for (int i = 0; i < states.length; i++) {
      encoded.add(new EncodedSentence(sentences.get(i), states[i]));
    }
    return encoded;
  }

  /** Encodes the rows at {@code batch}, each padded to {@code length}, into {@code states}. */
  private void run(List<long[]> rows, int length, List<Integer> batch, float[][] states) {
    ByteBuffer output =
        graph
            .run(
                inputs -> {
                  long[] shape = {batch.size(), length};
                  LongBuffer ids =
                      inputs.add("input_ids", OnnxJavaType.INT64, shape).asLongBuffer();
                  LongBuffer mask =
                      inputs.add("attention_mask", OnnxJavaType.INT64, shape).asLongBuffer();
                  for (int index : batch) {
                    append(rows.get(index), length, ids, mask);
                  }
                })
            .get(0);
    for (int index : batch) {
      output.asFloatBuffer().get(states[index]);
      output.position(output.position() + stateSize * Float.BYTES);
    }
  }

  private void append(long[] row, int length, LongBuffer ids, LongBuffer mask) {
    long[] padded = Arrays.copyOf(row, length);
    Arrays.fill(padded, row.length, length, pad);
    ids.put(padded);
    long[] ones = new long[length];
    Arrays.fill(ones, 0, row.length, 1);
    mask.put(ones);
  }
}
