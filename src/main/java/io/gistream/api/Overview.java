package io.gistream.api;

import io.gistream.feed.Feed;
import io.gistream.stream.LiveStreams;
import io.gistream.stream.LiveStreams.NotReadyException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/** Tells those who watch, once a second, what happened on this instance. */
@Singleton
final class Overview {
  private static final Logger LOG = LoggerFactory.getLogger(Overview.class);
  private static final int MOST_WAITING = 16;

  private final LiveStreams streams;
  private final Instance instance;
  private final Activity activity = new Activity();
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      java.util.concurrent.Executors.newSingleThreadScheduledExecutor(Overview::thread);
  private long lastNanos = System.nanoTime();

  Overview(LiveStreams streams, Feed feed, Instance instance) {
    this.streams = streams;
    this.instance = instance;
    feed.observe(activity::observe);
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(this::tickQuietly, 1, 1, TimeUnit.SECONDS);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "overview");
    thread.setDaemon(true);
    return thread;
  }

  /** Somebody who watches. */
  static final class Watcher {
    private final Sinks.Many<Tick> sink =
        Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(MOST_WAITING));
    private final Runnable disconnect;

    private Watcher(Runnable disconnect) {
      this.disconnect = disconnect;
    }

    Flux<Tick> ticks() {
      return sink.asFlux();
    }

    void end() {
      sink.tryEmitComplete();
    }

    private void tell(Tick tick) {
      if (sink.tryEmitNext(tick) == EmitResult.FAIL_OVERFLOW) {
        disconnect.run();
      }
    }
  }

  Watcher watch(Runnable disconnect) {
    Watcher watcher = new Watcher(disconnect);
    watchers.add(watcher);
    return watcher;
  }

  void leave(Watcher watcher) {
    watchers.remove(watcher);
  }

  private void tickQuietly() {
    try {
      tick();
    } catch (RuntimeException e) {
      LOG.warn("The overview misses a second", e);
    }
  }

  private void tick() {
    long now = System.nanoTime();
    double seconds = (now - lastNanos) / 1e9;
    lastNanos = now;
    Map<String, Activity.OfStream> happened = activity.take();
    if (watchers.isEmpty()) {
      return;
    }
    long time = System.currentTimeMillis();
    List<Tick.Changed> changed = new ArrayList<>();
    happened.forEach(
        (streamId, what) -> changed.add(new Tick.Changed(streamId, what, view(streamId, time))));
    Tick tick = new Tick(time, instance.name(), seconds, changed);
    watchers.forEach(watcher -> watcher.tell(tick));
  }

  private @Nullable StreamView view(String streamId, long now) {
    try {
      return streams.stream(streamId).map(it -> StreamView.of(it, now)).orElse(null);
    } catch (NotReadyException e) {
      return null;
    }
  }

  @PreDestroy
  void close() {
    clock.shutdownNow();
  }
}
