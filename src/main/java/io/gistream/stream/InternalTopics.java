package io.gistream.stream;

import io.gistream.avro.InboxEntry;
import io.gistream.serde.AvroCodec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The changelogs of Gistream's own application, for those who look at it from outside. */
public final class InternalTopics {
  private InternalTopics() {}

  /** Names of all of them. */
  public static List<String> of(String applicationId) {
    StoreNames stores = StoreNames.defaults();
    return Stream.of(stores.sessions(), stores.memories(), stores.inbox())
        .map(store -> changelog(applicationId, store))
        .toList();
  }

  /** Name of the one that holds chunks which are not summarised yet. */
  public static String inbox(String applicationId) {
    return changelog(applicationId, StoreNames.defaults().inbox());
  }

  /**
   * The record of the chunks topic that an entry of {@link #inbox} holds and that is still to be
   * read; empty when it holds another kind.
   */
  public static Optional<InboxEntry> queued(byte[] key, byte[] value) {
    return Inbox.isOfQueued(key)
        ? Optional.of(AvroCodec.inboxEntry().decode(value))
        : Optional.empty();
  }

  private static String changelog(String applicationId, String store) {
    return applicationId + "-" + store + "-changelog";
  }
}
