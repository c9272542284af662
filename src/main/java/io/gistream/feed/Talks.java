package io.gistream.feed;

import io.gistream.avro.TranscriptChunk;
import io.gistream.feed.ChunkSink.TimedChunk;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.transcript.TalkSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recorded talks that are played onto the chunks topic by this process. Thread-safe. */
public final class Talks implements AutoCloseable {
  /** Talks that may play at the same time. */
  public static final int MAX_PLAYING = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Talks.class);
  private static final long CLOSE_SECONDS = 5;

  /** Records that are sent together when nothing is to be waited for. */
  private static final int TOGETHER = 500;

  private final ChunkSink sink;
  private final ExecutorService threads = Executors.newCachedThreadPool(Talks::thread);
  private final Map<String, Future<?>> playing = new ConcurrentHashMap<>();

  public Talks(ChunkSink sink) {
    this.sink = sink;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "talk");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Puts a whole talk on the topic and waits for it. Its timestamps run at the pace of the talk and
   * end now.
   */
  public void put(TalkSchedule talk, long now) {
    long began = now - talk.lengthMillis();
    List<TranscriptChunk> chunks = talk.chunks();
    for (int from = 0; from < chunks.size(); from += TOGETHER) {
      List<TimedChunk> some = new ArrayList<>();
      for (int i = from; i < Math.min(chunks.size(), from + TOGETHER); i++) {
        some.add(new TimedChunk(chunks.get(i), began + talk.at(i)));
      }
      sink.put(some);
    }
  }

  /**
   * Begins to play a talk.
   *
   * @param speed times the pace of the talk, above 0
   * @return false when a talk of this stream plays already
   * @throws NotReadyException when too many play
   */
  public synchronized boolean play(TalkSchedule talk, double speed) {
    String streamId = talk.chunks().get(0).getStreamId();
    if (isPlaying(streamId)) {
      return false;
    }
    playing.values().removeIf(Future::isDone);
    if (playing.size() >= MAX_PLAYING) {
      throw new NotReadyException(
          "%d transcripts play already, which is the most".formatted(MAX_PLAYING),
          new IllegalStateException());
    }
    try {
      playing.put(streamId, threads.submit(() -> run(talk, speed)));
    } catch (RejectedExecutionException e) {
      throw new NotReadyException("this instance is stopping", e);
    }
    return true;
  }

  public boolean isPlaying(String streamId) {
    Future<?> one = playing.get(streamId);
    return one != null && !one.isDone();
  }

  /** Stops a talk where it is; nothing happens when none plays. */
  public void stop(String streamId) {
    Future<?> one = playing.remove(streamId);
    if (one != null) {
      one.cancel(true);
    }
  }

  private void run(TalkSchedule talk, double speed) {
    String streamId = talk.chunks().get(0).getStreamId();
    long length = talk.lengthMillis();
    // ends now, or begins now where it is slower than life: brokers refuse what is in the future
    long began = System.currentTimeMillis() + Math.min(0, Math.round(length / speed) - length);
    long started = System.nanoTime();
    try {
      for (int i = 0; i < talk.chunks().size(); i++) {
        long due = started + Math.round(talk.at(i) * 1e6 / speed);
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        sink.put(List.of(new TimedChunk(talk.chunks().get(i), began + talk.at(i))));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopped
    } catch (RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        LOG.warn("Playing stream '{}' failed: {}", streamId, e.getMessage());
      }
    }
  }

  /** Stops all talks. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
