package io.gistream.api;

/** This instance as it names itself in answers. Its port is known once the server listens. */
final class Instance {
  private final String advertised;
  private final String host;
  private volatile int port;

  Instance(HttpOptions options) {
    this.advertised = options.advertised();
    this.host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    this.port = options.port();
  }

  void listensOn(int actual) {
    port = actual;
  }

  /** {@code host:port}, as others know it if they do. */
  String name() {
    return advertised.isEmpty() ? host + ":" + port : advertised;
  }
}
