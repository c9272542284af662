package io.gistream.replay;

import java.util.List;

/**
 * What a comparison of the summaries topic with the chunks topic found.
 *
 * @param partitions of the chunks topic
 * @param chunks records of it
 * @param streams that were compared
 * @param compared summaries that are there and were expected
 * @param compactedAway summaries that were replaced by later ones before this was run, or whose
 *     chunks were erased before they were read
 * @param pending summaries of chunks that the application has not read yet
 * @param unchecked streams whose first chunks the chunks topic has lost
 * @param differences how many there are
 * @param first the first of them, in the order they were found
 * @param notes what else the reader should know
 */
public record VerificationReport(
    String chunksTopic,
    String summariesTopic,
    int partitions,
    long chunks,
    long streams,
    long compared,
    long compactedAway,
    long pending,
    long unchecked,
    long differences,
    List<Difference> first,
    List<String> notes) {

  public boolean equal() {
    return differences == 0;
  }
}
