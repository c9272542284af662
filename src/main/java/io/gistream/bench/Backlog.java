package io.gistream.bench;

import io.gistream.avro.TranscriptChunk;

/**
 * Talks that come as fast as they can be written, a chunk of each in turn.
 *
 * @param first number of the first talk; those of two backlogs must not be the same
 * @param streams how many talks
 * @param chunks of all talks together
 * @param ends whether the last chunk of each talk ends it
 */
record Backlog(Talk talk, int first, int streams, int chunks, boolean ends) {
  /** Ten seconds between two chunks of a talk, the last one said just now. */
  void send(BenchCluster cluster) {
    long begin = System.currentTimeMillis() - (chunks / streams + 1) * Talk.CHUNK_MILLIS;
    for (int i = 0; i < chunks; i++) {
      int stream = first + i % streams;
      int sequence = i / streams;
      boolean end = ends && i + streams >= chunks;
      TranscriptChunk chunk = talk.freshChunk("talk-" + stream, stream, sequence, end);
      cluster.send(chunk, begin + sequence * Talk.CHUNK_MILLIS);
    }
    cluster.flush();
  }
}
