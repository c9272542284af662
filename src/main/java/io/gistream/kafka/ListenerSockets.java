package io.gistream.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The sockets of a broker's listeners, bound before its configuration is written: a controller must
 * name its own port in the list of voters, so the system can choose one only ahead of that.
 */
record ListenerSockets(ServerSocketChannel client, ServerSocketChannel controller)
    implements ServerSocketFactory, AutoCloseable {
  static final String HOST = "127.0.0.1";
  static final String CLIENT = "CLIENT";
  static final String CONTROLLER = "CONTROLLER";

  /**
   * Binds both.
   *
   * @param clientPort 0 for any that is free
   */
  static ListenerSockets bind(int clientPort) {
    return new ListenerSockets(listen(clientPort), listen(0));
  }

  /** The {@code listeners} of the broker's configuration. */
  String listeners() {
    return "%s://%s:%d,%s://%s:%d"
        .formatted(CLIENT, HOST, clientPort(), CONTROLLER, HOST, controllerPort());
  }

  int clientPort() {
    return client.socket().getLocalPort();
  }

  int controllerPort() {
    return controller.socket().getLocalPort();
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBuffer) {
    return listener.equals(CLIENT) ? client : controller;
  }

  @Override
  public void close() {
    try (client;
        controller) {
      // closes both, whatever becomes of the first
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocketChannel listen(int port) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.bind(new InetSocketAddress(HOST, port)).configureBlocking(false);
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "no broker can listen on %s:%d: %s; choose another port, or 0 for any that is free"
              .formatted(HOST, port, e.getMessage()),
          e);
    }
  }
}
