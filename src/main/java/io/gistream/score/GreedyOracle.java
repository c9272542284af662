package io.gistream.score;

import java.util.ArrayList;
import java.util.List;

/**
 * Upper bound for summaries made of sentences of the transcript: the reference is known. Again and
 * again the sentence is added that raises ROUGE-1 F1 + ROUGE-2 F1 of the whole extract most for
 * each word it takes of the budget (the greedy rule for budgets of Lin and Bilmes,
 * <i>Multi-document Summarization via Budgeted Maximization of Submodular Functions</i>, 2010;
 * without "for each word" long sentences eat the budget and the bound is several points lower),
 * until the budget is used up or no sentence raises it. A sentence longer than what is left of the
 * budget is tried cut to it. Of equals the earlier sentence wins.
 *
 * <p>Overlaps are kept as counts and changed by what one sentence adds, the word pairs across its
 * two borders included, so that one round over a transcript costs as many steps as it has words.
 */
final class GreedyOracle {
  private static final double LEAST_GAIN = 1e-12;

  private final Rouge rouge;
  private final List<Candidate> candidates;
  private final Overlap tokens;
  private final Overlap pairs;
  private final int referenceTokens;

  /** Indices of the sentences taken, ascending, and how many tokens of each. */
  private final List<Integer> taken = new ArrayList<>();

  private final int[] takenTokens;
  private int length;
  private int wordsLeft;

  private GreedyOracle(List<String> sentences, String reference, int budgetWords) {
    rouge = Rouge.against(reference);
    candidates = sentences.stream().map(sentence -> Candidate.of(sentence, rouge)).toList();
    tokens = new Overlap(rouge.tokenCounts());
    pairs = new Overlap(rouge.pairCounts());
    referenceTokens = rouge.length();
    takenTokens = new int[sentences.size()];
    wordsLeft = budgetWords;
  }

  static String summarize(List<String> sentences, String reference, int budgetWords) {
    var oracle = new GreedyOracle(sentences, reference, budgetWords);
    return Extract.of(sentences, oracle.choose(), budgetWords);
  }

  /** The sentences in the order in which they were added. */
  private List<Integer> choose() {
    var chosen = new ArrayList<Integer>();
    double value = 0;
    while (wordsLeft > 0) {
      int best = -1;
      double bestRate = 0;
      double bestValue = value;
      int place = 0;
      for (int i = 0; i < candidates.size(); i++) {
        if (place < taken.size() && taken.get(place) == i) {
          place++;
          continue;
        }
        double tried = tryAdding(i, place);
        double rate = (tried - value) / Math.min(wordsLeft, candidates.get(i).words());
        if (tried > value + LEAST_GAIN && rate > bestRate) {
          best = i;
          bestRate = rate;
          bestValue = tried;
        }
      }
      if (best < 0) {
        break;
      }
      add(best);
      chosen.add(best);
      value = bestValue;
    }
    return chosen;
  }

  /** What the extract would be worth with this sentence in it. */
  private double tryAdding(int index, int place) {
    int size = candidates.get(index).tokensOfWords(wordsLeft);
    if (size == 0) {
      return 0;
    }
    change(index, place, size, true);
    double value = value(length + size);
    change(index, place, size, false);
    return value;
  }

  private void add(int index) {
    int place = 0;
    while (place < taken.size() && taken.get(place) < index) {
      place++;
    }
    int size = candidates.get(index).tokensOfWords(wordsLeft);
    change(index, place, size, true);
    taken.add(place, index);
    takenTokens[index] = size;
    length += size;
    wordsLeft -= Math.min(wordsLeft, candidates.get(index).words());
  }

  private double value(int size) {
    double rouge1 = RougeScore.of(tokens.size(), size, referenceTokens).f1();
    double rouge2 = RougeScore.of(pairs.size(), size - 1, referenceTokens - 1).f1();
    return rouge1 + rouge2;
  }

  /** Puts the first tokens of a sentence between its neighbours in the extract, or out again. */
  private void change(int index, int place, int size, boolean in) {
    var candidate = candidates.get(index);
    for (int k = 0; k < size; k++) {
      tokens.change(candidate.tokens[k], in);
    }
    for (int k = 0; k + 1 < size; k++) {
      pairs.change(candidate.pairs[k], in);
    }
    int before = place > 0 ? taken.get(place - 1) : -1;
    int after = place < taken.size() ? taken.get(place) : -1;
    if (before >= 0) {
      pairs.change(rouge.pairOf(last(before), candidate.tokens[0]), in);
    }
    if (after >= 0) {
      pairs.change(rouge.pairOf(candidate.tokens[size - 1], first(after)), in);
    }
    if (before >= 0 && after >= 0) {
      pairs.change(rouge.pairOf(last(before), first(after)), !in);
    }
  }

  private int first(int index) {
    return candidates.get(index).tokens[0];
  }

  private int last(int index) {
    return candidates.get(index).tokens[takenTokens[index] - 1];
  }

  /** Sum over all n-grams of min(count in the extract, count in the reference). */
  private static final class Overlap {
    private final int[] reference;
    private final int[] extract;
    private int size;

    Overlap(int[] reference) {
      this.reference = reference;
      this.extract = new int[reference.length];
    }

    int size() {
      return size;
    }

    void change(int id, boolean in) {
      if (id == Rouge.UNKNOWN) {
        return;
      }
      if (in) {
        if (extract[id]++ < reference[id]) {
          size++;
        }
      } else if (--extract[id] < reference[id]) {
        size--;
      }
    }
  }

  /** A sentence by the numbers its tokens have in the reference. */
  private static final class Candidate {
    private final int[] tokens;
    private final int[] pairs;

    /** How many tokens the first words have, for each number of words. */
    private final int[] tokensOfWords;

    private Candidate(int[] tokens, int[] pairs, int[] tokensOfWords) {
      this.tokens = tokens;
      this.pairs = pairs;
      this.tokensOfWords = tokensOfWords;
    }

    static Candidate of(String sentence, Rouge rouge) {
      int[] tokens = rouge.tokensOf(sentence);
      var words = Words.of(sentence);
      int[] tokensOfWords = new int[words.size() + 1];
      for (int i = 0; i < words.size(); i++) {
        tokensOfWords[i + 1] = tokensOfWords[i] + Words.tokens(words.get(i)).size();
      }
      return new Candidate(tokens, rouge.pairsOf(tokens), tokensOfWords);
    }

    int words() {
      return tokensOfWords.length - 1;
    }

    int tokensOfWords(int most) {
      return tokensOfWords[Math.min(most, words())];
    }
  }
}
