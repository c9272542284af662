package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentTest {

  @Test
  void withoutTimesPeopleSpeak150WordsAMinute() {
    var segment = new Document.Segment(0, "word ".repeat(300));

    assertThat(document(segment).minutes()).isEqualTo(2);
  }

  @Test
  void withTimesTheTalkLastsFromTheFirstStartToTheLastEnd() {
    assertThat(document(at(0, "a", 30.0, 40.0), at(1, "b", 60.0, 150.0)).minutes()).isEqualTo(2);
  }

  @Test
  void aSegmentWithoutAnEndLastsAsLongAsItsWords() {
    assertThat(document(at(0, "a", 0.0, null), at(1, "one two three", 58.8, null)).minutes())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void segmentsWithoutTimesDoNotCountBesideThoseThatHaveThem() {
    assertThat(document(at(0, "a", 0.0, 60.0), at(1, "b", null, null)).minutes()).isEqualTo(1);
  }

  @Test
  void timesThatAllCoincideSayNothing() {
    var segment = at(0, "word ".repeat(150), 10.0, 10.0);

    assertThat(document(segment).minutes()).isEqualTo(1);
  }

  @Test
  void wordsAndTextAreThoseOfAllSegments() {
    var document = document(at(0, "We ship.", null, null), at(1, "Don't!", null, null));

    assertThat(document.words()).isEqualTo(3);
    assertThat(document.text()).isEqualTo("We ship. Don't!");
  }

  private static Document.Segment at(
      int index, String text, @Nullable Double start, @Nullable Double end) {
    return new Document.Segment(index, text, null, start, end);
  }

  private static Document document(Document.Segment... segments) {
    return new Document("d", "set", null, List.of(segments), "summary", List.of());
  }
}
