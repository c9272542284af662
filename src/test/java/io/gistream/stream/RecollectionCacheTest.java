package io.gistream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.model.SummaryModel;
import io.gistream.session.Recollection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecollectionCacheTest {
  private static Recollection anyRecollection() {
    try (SummaryModel model = SummaryModel.bundled("tiny", SummaryModel.Options.DEFAULT)) {
      return Recollection.stored(Optional.empty(), List.of(), 0, model);
    }
  }

  private final Recollection recollection = anyRecollection();

  private RecollectionCache withRoomFor(int streams) {
    return new RecollectionCache(streams * recollection.sizeInBytes());
  }

  @Test
  void whatATaskKeepsIsItsOwnUntilItIsClosed() {
    RecollectionCache cache = withRoomFor(10);
    RecollectionCache.View one = cache.open();
    RecollectionCache.View other = cache.open();
    one.put("a", recollection);
    one.put("b", recollection);
    other.put("c", recollection);
    assertThat(one.get("a")).isSameAs(recollection);
    assertThat(other.get("a")).isNull();
    assertThat(cache.peek("a")).contains(recollection);
    assertThat(cache.bytes()).isEqualTo(3 * recollection.sizeInBytes());

    one.remove("b");
    assertThat(one.get("b")).isNull();
    one.close();
    assertThat(one.get("a")).isNull();
    assertThat(cache.peek("a")).isEmpty();
    assertThat(cache.peek("c")).contains(recollection);
    assertThat(cache.bytes()).isEqualTo(recollection.sizeInBytes());
  }

  @Test
  void withNoRoomNothingIsKept() {
    RecollectionCache cache = withRoomFor(0);
    RecollectionCache.View view = cache.open();
    view.put("a", recollection);
    assertThat(view.get("a")).isNull();
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void whoWasHeardTheLongestAgoLeavesFirst() {
    RecollectionCache cache = withRoomFor(2);
    RecollectionCache.View view = cache.open();
    view.put("a", recollection);
    view.put("b", recollection);
    assertThat(view.get("a")).isSameAs(recollection);
    view.put("c", recollection);
    assertThat(view.get("b")).isNull();
    assertThat(view.get("a")).isSameAs(recollection);
    assertThat(view.get("c")).isSameAs(recollection);
    assertThat(cache.bytes()).isEqualTo(2 * recollection.sizeInBytes());
  }
}
