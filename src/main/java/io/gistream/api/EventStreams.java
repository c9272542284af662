package io.gistream.api;

import io.micronaut.http.HttpStatus;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The event streams that are open: not too many, and all ended when the server ends. */
@Singleton
final class EventStreams implements GracefulShutdownCapable {
  private static final int RETRY_SECONDS = 5;

  private final int most;
  private final int mostOfClient;
  private final Map<String, Integer> byClient = new HashMap<>();
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
  private int count;
  private volatile boolean ending;

  EventStreams(HttpOptions options) {
    this.most = options.limits().eventStreams();
    this.mostOfClient = options.limits().eventStreamsPerClient();
  }

  /** Takes a place; throws the problem when there is none. */
  synchronized void enter(String client) {
    if (ending) {
      throw ProblemException.retry(
          HttpStatus.SERVICE_UNAVAILABLE, "this instance is stopping", RETRY_SECONDS);
    }
    int his = byClient.getOrDefault(client, 0);
    if (his >= mostOfClient) {
      throw ProblemException.retry(
          HttpStatus.TOO_MANY_REQUESTS,
          "%d event streams of one client are open, which is the most".formatted(mostOfClient),
          RETRY_SECONDS);
    }
    if (count >= most) {
      throw ProblemException.retry(
          HttpStatus.SERVICE_UNAVAILABLE,
          "%d event streams are open, which is the most".formatted(most),
          RETRY_SECONDS);
    }
    byClient.put(client, his + 1);
    count++;
  }

  /** Gives the place back. */
  synchronized void leave(String client) {
    byClient.computeIfPresent(client, (name, streams) -> streams == 1 ? null : streams - 1);
    count--;
  }

  void opened(Runnable end) {
    open.add(end);
    if (ending) {
      end.run();
    }
  }

  void closed(Runnable end) {
    open.remove(end);
  }

  @Override
  public CompletionStage<?> shutdownGracefully() {
    synchronized (this) {
      ending = true;
    }
    open.forEach(Runnable::run);
    return CompletableFuture.completedFuture(null);
  }
}
