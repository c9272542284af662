package io.gistream.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Waits until somebody listens at one of the bootstrap servers. Kafka's clients wait too, but give
 * no reason in the end and log a warning for every try.
 */
final class BootstrapProbe {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private BootstrapProbe() {}

  static void await(List<String> servers, Duration timeout) {
    List<InetSocketAddress> addresses = servers.stream().map(BootstrapProbe::parse).toList();
    if (addresses.isEmpty()) {
      throw new ClusterException("no bootstrap servers given; expected host:port", null);
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    IOException failure = null;
    while (true) {
      for (InetSocketAddress address : addresses) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        try (Socket socket = new Socket()) {
          // resolved anew each time: names come and go in containers
          socket.connect(
              new InetSocketAddress(address.getHostString(), address.getPort()),
              (int) Math.max(1, Math.min(left, Integer.MAX_VALUE)));
          return;
        } catch (SocketTimeoutException e) {
          failure =
              failure == null ? e : failure; // the last try is short: what went before says more
        } catch (IOException e) {
          failure = e;
        }
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new ClusterException(
            "no broker at %s within %s: %s"
                .formatted(String.join(",", servers), seconds(timeout), reason(failure)),
            failure);
      }
      pause();
    }
  }

  /** For messages: {@code 10 s}. */
  static String seconds(Duration timeout) {
    return timeout.toMillis() % 1000 == 0
        ? timeout.toSeconds() + " s"
        : timeout.toMillis() / 1000.0 + " s";
  }

  private static String reason(@Nullable IOException failure) {
    return failure instanceof UnknownHostException
        ? "the host is not known"
        : failure == null || failure.getMessage() == null ? "no answer" : failure.getMessage();
  }

  private static InetSocketAddress parse(String server) {
    String host = Utils.getHost(server);
    Integer port = Utils.getPort(server);
    if (host == null || port == null || port < 1 || port > 65_535) {
      throw new ClusterException(
          "'%s' is not a bootstrap server; expected host:port".formatted(server), null);
    }
    return InetSocketAddress.createUnresolved(host, port);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for a broker", e);
    }
  }
}
