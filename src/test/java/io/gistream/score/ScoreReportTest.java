package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreReportTest {
  private static final DocumentScore FIRST = score("a", "talks", 0.4, 0.2, 10, 2);
  private static final DocumentScore OTHER_SET = score("b", "articles", 0.5, 0.5, 20, 1);
  private static final DocumentScore SECOND = score("c", "talks", 0.6, 0.3, Double.NaN, 6);

  private final ScoreReport report =
      new ScoreReport(Budget.referenceLength(), List.of(FIRST, OTHER_SET, SECOND));

  @Test
  void documentsAreGroupedByDataSetInTheOrderOfFirstAppearance() {
    assertThat(report.sets()).extracting(SetScore::name).containsExactly("talks", "articles");
    assertThat(report.sets()).extracting(SetScore::documents).containsExactly(2, 1);
  }

  @Test
  void aValueThatADocumentDoesNotHaveIsLeftOutOfTheMean() throws Exception {
    var json = new ObjectMapper().readTree(report.toJson(Map.of(), Map.of()));

    assertThat(json.at("/sets/talks/expectedLatencyWords").doubleValue()).isEqualTo(10);
    assertThat(json.at("/sets/talks/groundingShare").isNull()).isTrue();
  }

  @Test
  void theJsonHasTheDocumentedNames() {
    var model = new LinkedHashMap<String, Object>();
    model.put("name", "compact");
    model.put("version", "1.0.0");

    assertThat(report.toJson(model, Map.of("cores", 2)))
        .isEqualToNormalizingNewlines(
            """
            {
              "sets" : {
                "talks" : {
                  "documents" : 2,
                  "budget" : "reference",
                  "budgetWords" : 30.0,
                  "transcriptWords" : 300.0,
                  "transcriptMinutes" : 2.0,
                  "gistream" : {
                    "rouge1" : 0.5,
                    "rouge2" : 0.25,
                    "rougeL" : 0.125,
                    "words" : 28.0,
                    "precision" : {
                      "rouge1" : 0.5,
                      "rouge2" : 0.25,
                      "rougeL" : 0.125
                    },
                    "recall" : {
                      "rouge1" : 0.5,
                      "rouge2" : 0.25,
                      "rougeL" : 0.125
                    }
                  },
                  "lead" : {
                    "rouge1" : 0.25,
                    "rouge2" : 0.125,
                    "rougeL" : 0.0625,
                    "words" : 28.0,
                    "precision" : {
                      "rouge1" : 0.25,
                      "rouge2" : 0.125,
                      "rougeL" : 0.0625
                    },
                    "recall" : {
                      "rouge1" : 0.25,
                      "rouge2" : 0.125,
                      "rougeL" : 0.0625
                    }
                  },
                  "ratios" : {
                    "lead" : {
                      "rouge1" : 2.0,
                      "rouge2" : 2.0,
                      "rougeL" : 2.0
                    }
                  },
                  "r1Auc" : 0.3,
                  "normalisedErasure" : 0.2,
                  "normalisedErasureConfirmed" : 0.1,
                  "redundancy" : 0.05,
                  "groundingShare" : null,
                  "expectedLatencyWords" : 10.0,
                  "expectedLatencySeconds" : 4.0,
                  "cpuSecondsPerTranscriptMinute" : 2.0
                },
                "articles" : {
                  "documents" : 1,
                  "budget" : "reference",
                  "budgetWords" : 30.0,
                  "transcriptWords" : 300.0,
                  "transcriptMinutes" : 2.0,
                  "gistream" : {
                    "rouge1" : 0.5,
                    "rouge2" : 0.25,
                    "rougeL" : 0.125,
                    "words" : 28.0,
                    "precision" : {
                      "rouge1" : 0.5,
                      "rouge2" : 0.25,
                      "rougeL" : 0.125
                    },
                    "recall" : {
                      "rouge1" : 0.5,
                      "rouge2" : 0.25,
                      "rougeL" : 0.125
                    }
                  },
                  "lead" : {
                    "rouge1" : 0.5,
                    "rouge2" : 0.25,
                    "rougeL" : 0.125,
                    "words" : 28.0,
                    "precision" : {
                      "rouge1" : 0.5,
                      "rouge2" : 0.25,
                      "rougeL" : 0.125
                    },
                    "recall" : {
                      "rouge1" : 0.5,
                      "rouge2" : 0.25,
                      "rougeL" : 0.125
                    }
                  },
                  "ratios" : {
                    "lead" : {
                      "rouge1" : 1.0,
                      "rouge2" : 1.0,
                      "rougeL" : 1.0
                    }
                  },
                  "r1Auc" : 0.3,
                  "normalisedErasure" : 0.2,
                  "normalisedErasureConfirmed" : 0.1,
                  "redundancy" : 0.05,
                  "groundingShare" : null,
                  "expectedLatencyWords" : 20.0,
                  "expectedLatencySeconds" : 4.0,
                  "cpuSecondsPerTranscriptMinute" : 0.5
                }
              },
              "model" : {
                "name" : "compact",
                "version" : "1.0.0"
              },
              "machine" : {
                "cores" : 2
              }
            }
            """);
  }

  @Test
  void theTablesForPeopleAreAligned() {
    assertThat(report.toText())
        .isEqualTo(
            """
            set       documents  method    ROUGE-1  ROUGE-2  ROUGE-L  words  of
            talks             2  gistream     50.0     25.0     12.5     28  30
                                 lead         25.0     12.5      6.3     28  30
            articles          1  gistream     50.0     25.0     12.5     28  30
                                 lead         50.0     25.0     12.5     28  30

            set       R1-AUC  erasure  confirmed  redundancy  grounded  latency words  latency s  CPU s/min
            talks       30.0     0.20       0.10         5.0         -             10          4       2.00
            articles    30.0     0.20       0.10         5.0         -             20          4       0.50
            """);
  }

  @Test
  void eachDocumentCountsOnceInAMean() {
    var talks = report.sets().get(0);

    assertThat(talks.rouge()).containsEntry(Method.GISTREAM, scores(0.5));
    assertThat(talks.rouge()).containsEntry(Method.LEAD, scores(0.25));
    assertThat(talks.online().r1Auc()).isCloseTo(0.3, within(1e-12));
  }

  @Test
  void anEmptyReportIsWrittenAllTheSame() {
    assertThat(new ScoreReport(Budget.words(5), List.of()).toJson(Map.of(), Map.of()))
        .contains("\"sets\" : { }");
  }

  private static DocumentScore score(
      String id, String set, double system, double lead, double latency, double cpuSeconds) {
    return new DocumentScore(
        id,
        set,
        300,
        2,
        30,
        Map.of(Method.GISTREAM, scores(system), Method.LEAD, scores(lead)),
        Map.of(Method.GISTREAM, 28, Method.LEAD, 28),
        new OnlineScores(0.3, 0.2, 0.1, 0.05, Double.NaN, latency, 4),
        cpuSeconds);
  }

  private static RougeScores scores(double rouge1) {
    return new RougeScores(same(rouge1), same(rouge1 / 2), same(rouge1 / 4));
  }

  private static RougeScore same(double value) {
    return new RougeScore(value, value, value);
  }
}
