package io.gistream.summary;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether a sentence is English, from its function words; some fillers are words elsewhere.
 */
enum English {
  YES,
  NO,
  UNKNOWN;

  private static final Set<String> SURE =
      Words.list(
          "the and of that this these those it it's its you your you're you've you'll i i'm i've"
              + " i'll i'd we we're we've we'll they they're their them there there's what what's"
              + " which who how why when where would could should have has had been are aren't be"
              + " do don't does did didn't not for from with about just because if then than think"
              + " know can can't will won't my our she he's she's isn't wasn't yeah yes okay let's"
              + " but or by out up got get going want mean like said say some any very really");

  private static final Set<String> LIKELY =
      Words.list("a an in is to was we on so as at me he his no");

  /** Common words of other languages in Latin script that are none in English. */
  private static final Set<String> FOREIGN =
      Words.list(
          "und der das ist nicht ich wir ein eine einen mit auf für von den dem des sich auch zu"
              + " sie wie aber noch nur oder wenn schon haben sind werden kann mal ja doch nein"
              + " le une je nous vous pas que qui dans pour sur avec il elle du et au aux"
              + " ce cette sont ont mais plus donc c'est j'ai el es una por para se lo"
              + " como pero muy todo esto está hay yo si del al o uma não da mas isso"
              + " você eu ele ela foi di che è un sono gli della anche questo ho het een"
              + " ik niet dat je zijn voor maar wij ook naar det som på och jag är inte en"
              + " av ikke jeg og er på nie się jest na że bir bu için değil ini"
              + " itu tidak saya kita");

  static English of(List<Token> tokens) {
    Set<String> seen = new HashSet<>();
    int english = 0;
    int foreign = 0;
    int latin = 0;
    int other = 0;
    for (Token token : tokens) {
      if (token.isPunctuation()) {
        continue;
      }
      if (Character.isLetter(token.core().codePointAt(0))) {
        if (isLatin(token.core().codePointAt(0))) {
          latin++;
        } else {
          other++;
        }
      }
      if (!seen.add(token.key())) {
        continue;
      }
      if (token.core().equals("i")) {
        english++; // a conjunction in half of Europe
      } else if (SURE.contains(token.key())) {
        english += 2;
      } else if (LIKELY.contains(token.key())) {
        english++;
      } else if (FOREIGN.contains(token.key())) {
        foreign += 2;
      }
    }
    if (other > latin || foreign > english) {
      return NO;
    }
    return english > foreign ? YES : UNKNOWN;
  }

  private static boolean isLatin(int codePoint) {
    return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.LATIN;
  }
}
