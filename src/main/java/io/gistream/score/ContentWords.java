package io.gistream.score;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells words that carry content from English function words and the fillers of speech. */
final class ContentWords {
  private static final Set<String> OTHERS =
      Set.of(
              // articles, pronouns, determiners
              """
          a an the this that these those i me my mine myself we us our ours ourselves you your yours
          yourself yourselves he him his himself she her hers herself it its itself they them their
          theirs themselves who whom whose which what one ones some any each every all both either
          neither other another such same no none someone something anyone anything everyone
          everything nothing
          """,
              // prepositions, conjunctions, adverbs of place and degree
              """
          of in to for with on at by from up about into over after under between through during before
          above below off out down against without within upon onto toward towards per via as than and
          or but nor so yet if because while until although though since unless whether when where why
          how there here then now again once just only also too very quite rather more most much many
          less least few own not even still already ever never always
          """,
              // auxiliaries
              """
          is am are was were be been being have has had having do does did doing done will would shall
          should can could may might must ought get gets got go goes going let
          """,
              // what is left of contractions
              "s t d m ll re ve don didn doesn isn aren wasn weren won wouldn couldn shouldn can hasn haven"
                  + " hadn ain gonna wanna",
              // fillers
              "um uh er erm ah oh hm hmm mm mhm huh yeah yes yep ok okay well like right so")
          .stream()
          .flatMap(words -> Arrays.stream(words.strip().split("\\s+")))
          .collect(Collectors.toUnmodifiableSet());

  private ContentWords() {}

  /** Whether a lower-cased token carries content. */
  static boolean contains(String token) {
    return !OTHERS.contains(token);
  }
}
