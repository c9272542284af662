package io.gistream.score;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The scores of one document.
 *
 * @param words of the transcript
 * @param minutes of the transcript, see {@link Document#minutes}
 * @param budgetWords most words that each method's summary could have
 * @param rouge of each method that was run
 * @param summaryWords of each method that was run
 * @param online of the system
 * @param cpuSeconds of the system
 */
public record DocumentScore(
    String id,
    String sourceDataset,
    int words,
    double minutes,
    int budgetWords,
    Map<Method, RougeScores> rouge,
    Map<Method, Integer> summaryWords,
    OnlineScores online,
    double cpuSeconds) {

  public DocumentScore {
    rouge = Collections.unmodifiableMap(new EnumMap<>(rouge));
    summaryWords = Collections.unmodifiableMap(new EnumMap<>(summaryWords));
  }
}
