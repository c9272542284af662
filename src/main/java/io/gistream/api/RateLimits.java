package io.gistream.api;

import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often one client may ask: a bucket that holds two seconds' worth. Thread-safe. */
@Singleton
final class RateLimits {
  /** Clients that are remembered; one that is forgotten has a full bucket again. */
  private static final int REMEMBERED = 10_000;

  private final double perNano;
  private final double most;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Bucket(double requests, long at) {}

  RateLimits(HttpOptions options) {
    this.perNano = options.limits().requestsPerSecond() / 1e9;
    this.most = 2.0 * options.limits().requestsPerSecond();
  }

  /** Counts a request; throws the problem when it is one too many. */
  synchronized void count(String client) {
    long now = System.nanoTime();
    Bucket before = buckets.getOrDefault(client, new Bucket(most, now));
    double left = Math.min(most, before.requests() + (now - before.at()) * perNano);
    if (left < 1) {
      buckets.put(client, new Bucket(left, now));
      throw ProblemException.retry(
          HttpStatus.TOO_MANY_REQUESTS,
          "more than %.0f requests in a second; see http.rate-limit".formatted(perNano * 1e9),
          Math.max(1, (long) Math.ceil((1 - left) / perNano / 1e9)));
    }
    buckets.put(client, new Bucket(left - 1, now));
  }
}
