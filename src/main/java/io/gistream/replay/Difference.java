package io.gistream.replay;

/**
 * A difference between what the summaries topic holds and what it must hold, as it is shown.
 *
 * @param kind what is wrong, in a word
 * @param partition of the record on the summaries topic; -1 when there is none
 * @param offset of that record; -1 when there is none
 * @param path where in the record, such as {@code sentences[3].text}
 * @param more records of the same stream that are wrong in the same way
 */
public record Difference(
    String kind,
    String topic,
    int partition,
    long offset,
    String streamId,
    String path,
    String expected,
    String actual,
    long more) {}
