package io.gistream.summary;

import io.gistream.avro.SummarySentence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses, under a budget of words, the sentences that a rolling summary shows.
 *
 * <p>The constants of the rule come from the model package ({@code selection} in {@code
 * model.json}, see {@code docs/model-package.md}); a package that leaves one out gets the default.
 * The same candidates give the same choice: comparisons are made in double, ties go to the sentence
 * said earlier. Thread-safe.
 */
public final class Selection {
  /** A budget below this is not stretched to show at least something. */
  static final int LEAST_BUDGET = 10;

  /** A sentence of fewer words is rarely shown. */
  static final int SHORT_SENTENCE_WORDS = 4;

  /**
   * What counts of a candidate and depends on its text alone.
   *
   * @param stated what it is worth more for what it states, and less for what it leaves open
   */
  private record Known(int words, double stated) {
    static final int BYTES = 32;
  }

  private final Remembered<Known> known;
  private final double redundancy;
  private final double hysteresis;
  private final double finalHysteresis;
  private final int minContentWords;
  private final double poolBudgets;
  private final int poolSentences;
  private final double growth;
  private final double growthMinimum;
  private final double statement;
  private final double brokenOff;
  private final double unresolved;
  private final double brevity;
  private final double freshness;
  private final double freshIds;

  /**
   * Reads the constants of the rule.
   *
   * <ul>
   *   <li>{@code redundancy} (0.5): a sentence is left out when this share of its content words, or
   *       more, is in the sentences taken before it
   *   <li>{@code hysteresis} (0.5): added to the salience of the sentences shown before
   *   <li>{@code finalHysteresis} (that of {@code hysteresis}): the same, for the final summary
   *   <li>{@code minContentWords} (4): fewest content words of a candidate
   *   <li>{@code poolBudgets} (3): words kept for later, in budgets
   *   <li>{@code poolSentences} (96): sentences kept for later, or one for every {@value
   *       #SHORT_SENTENCE_WORDS} words of the budget if that is more
   *   <li>{@code growth} (0): when above 0, a summary that is not final may have this share of the
   *       words heard, but always {@code growthMinimum} (40) words
   *   <li>{@code statement} (0): added to the salience of a sentence that states something, unlike
   *       a question, a fragment, a greeting or what was broken off
   *   <li>{@code brokenOff} (0): taken from the salience of a sentence that ends in an ellipsis
   *   <li>{@code unresolved} (0): taken from the salience of a sentence that begins with a pronoun
   *       whose noun is in another one
   *   <li>{@code brevity} (0): divided by a sentence's words, taken from its salience
   *   <li>{@code freshness} (0): added to the salience of the newest sentence; of older ones less
   *       and less, to nothing after {@code freshSentences} (600) sentences of the talk
   * </ul>
   *
   * @throws IllegalArgumentException when a constant is not a number or out of its range
   */
  public Selection(Map<String, Double> rule) {
    this(rule, 1, 1 << 20);
  }

  /**
   * The same for sentences whose ids are not their places in the talk.
   *
   * @param idsPerSentence by how much the ids of candidates grow with each sentence said
   * @param cacheBytes heap for what was found out about candidates, which come again and again
   */
  public Selection(Map<String, Double> rule, long idsPerSentence, long cacheBytes) {
    known = new Remembered<>(this::know, value -> Known.BYTES, cacheBytes);
    redundancy = constant(rule, "redundancy", 0.5, 0, 1);
    hysteresis = constant(rule, "hysteresis", 0.5, 0, 1e6);
    finalHysteresis = constant(rule, "finalHysteresis", hysteresis, 0, 1e6);
    minContentWords = (int) constant(rule, "minContentWords", 4, 0, 1e6);
    poolBudgets = constant(rule, "poolBudgets", 3, 1, 1e6);
    poolSentences = (int) constant(rule, "poolSentences", 96, 1, 1e6);
    growth = constant(rule, "growth", 0, 0, 1);
    growthMinimum = constant(rule, "growthMinimum", 40, 0, 1e6);
    statement = constant(rule, "statement", 0, 0, 1e6);
    brokenOff = constant(rule, "brokenOff", 0, 0, 1e6);
    unresolved = constant(rule, "unresolved", 0, 0, 1e6);
    brevity = constant(rule, "brevity", 0, 0, 1e6);
    freshness = constant(rule, "freshness", 0, 0, 1e6);
    freshIds = idsPerSentence * constant(rule, "freshSentences", 600, 1, 1e9);
  }

  private static double constant(
      Map<String, Double> rule, String name, double standard, double least, double most) {
    Double value = rule.get(name);
    if (value == null) {
      return standard;
    }
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "selection."
              + name
              + " of the model package is "
              + value
              + ", but must be from "
              + least
              + " to "
              + most
              + ". Correct model.json, or leave it out for "
              + standard
              + ".");
    }
    return value;
  }

  /**
   * The sentences to show, in the order of the talk.
   *
   * <p>The candidates are visited by {@linkplain #worth worth}, those shown before with the
   * hysteresis added. One is taken when it fits what is left of the budget and not too many of its
   * content words are in those already taken. A sentence is never cut. When not one candidate fits
   * a budget of at least {@value #LEAST_BUDGET} words the best of them is shown alone: a summary
   * that is too long by one sentence is more use than none.
   *
   * @param candidates in the order of the talk
   * @param shown ids of the sentences that the revision before showed
   * @param budgetWords most words shown
   * @param wordsHeard words of the talk so far
   * @param isFinal whether the talk is over: then the whole budget counts
   */
  public List<SummarySentence> choose(
      List<SummarySentence> candidates,
      Set<Long> shown,
      int budgetWords,
      long wordsHeard,
      boolean isFinal) {
    double bonus = isFinal ? finalHysteresis : hysteresis;
    double budget = budgetWords;
    if (growth > 0 && !isFinal) {
      budget = Math.min(budget, Math.max(growthMinimum, Math.floor(growth * wordsHeard)));
    }
    List<Integer> best = ranked(candidates, shown, bonus);
    boolean[] taken = new boolean[candidates.size()];
    Set<String> covered = new HashSet<>();
    int words = 0;
    for (int i : best) {
      String text = candidates.get(i).getText();
      int length = known.of(text).words();
      if (words + length > budget) {
        continue;
      }
      Set<String> content = ContentWords.of(text);
      if (share(content, covered) < redundancy) {
        taken[i] = true;
        words += length;
        covered.addAll(content);
      }
    }
    if (words == 0 && !best.isEmpty() && budget >= LEAST_BUDGET) {
      taken[best.get(0)] = true;
    }
    List<SummarySentence> chosen = new ArrayList<>();
    for (int i = 0; i < taken.length; i++) {
      if (taken[i]) {
        chosen.add(candidates.get(i));
      }
    }
    return chosen;
  }

  private static double share(Set<String> content, Set<String> covered) {
    if (content.isEmpty()) {
      return 0;
    }
    int known = 0;
    for (String word : content) {
      if (covered.contains(word)) {
        known++;
      }
    }
    return (double) known / content.size();
  }

  /**
   * The candidates worth keeping for later, in the order of the talk; bounded whatever was said.
   *
   * <p>The one that is worth least leaves (those shown have the hysteresis added), of equal ones
   * the later, until there are no more than allowed of them with no more than {@code poolBudgets}
   * budgets of words. The best one stays whatever its length.
   *
   * @param candidates in the order of the talk
   * @param shown ids of the sentences that the latest revision shows
   * @param budgetWords most words shown
   */
  public List<SummarySentence> keep(
      List<SummarySentence> candidates, Set<Long> shown, int budgetWords) {
    long words = 0;
    for (SummarySentence candidate : candidates) {
      words += known.of(candidate.getText()).words();
    }
    List<Integer> best = ranked(candidates, shown, hysteresis);
    int most = Math.max(poolSentences, budgetWords / SHORT_SENTENCE_WORDS);
    int count = candidates.size();
    while (count > 1 && (count > most || words > poolBudgets * budgetWords)) {
      count--;
      words -= known.of(candidates.get(best.get(count)).getText()).words();
    }
    return best.subList(0, count).stream().sorted().map(candidates::get).toList();
  }

  /** Positions of the candidates, the best first; of equals the one said earlier. */
  private List<Integer> ranked(List<SummarySentence> candidates, Set<Long> shown, double bonus) {
    long newest = candidates.stream().mapToLong(SummarySentence::getId).max().orElse(0);
    double[] worth = new double[candidates.size()];
    List<Integer> best = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      SummarySentence candidate = candidates.get(i);
      worth[i] = worth(candidate, newest) + (shown.contains(candidate.getId()) ? bonus : 0);
      best.add(i);
    }
    best.sort(
        Comparator.comparingDouble((Integer i) -> worth[i])
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    return best;
  }

  /**
   * What a sentence is worth to a reader: its salience, more if it states something and was said
   * lately, less if it is short, was never finished or points back.
   */
  private double worth(SummarySentence candidate, long newest) {
    Known known = this.known.of(candidate.getText());
    double fresh = Math.max(0, 1 - (newest - candidate.getId()) / freshIds);
    return salience(candidate)
        + known.stated()
        - brevity / Math.max(1, known.words())
        + freshness * fresh;
  }

  private Known know(String text) {
    double stated =
        (Statement.is(text) ? statement : 0)
            - (Statement.isBrokenOff(text) ? brokenOff : 0)
            - (Statement.isUnresolved(text) ? unresolved : 0);
    return new Known(Words.count(text), stated);
  }

  /** NaN, which a comparison would put first, is worth nothing. */
  private static double salience(SummarySentence sentence) {
    float salience = sentence.getSalience();
    // + 0.0: minus zero ties with zero
    return Float.isNaN(salience) ? Double.NEGATIVE_INFINITY : salience + 0.0;
  }

  /** Whether a sentence, as shown, says enough to be a candidate at all. */
  public boolean isCandidate(String displayText) {
    return ContentWords.of(displayText).size() >= minContentWords;
  }
}
