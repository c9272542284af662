package io.gistream.api;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;

/**
 * Where the service listens.
 *
 * @param host a name or an address of this machine; 0.0.0.0 for all
 * @param port 0 for any that is free
 */
public record HttpOptions(String host, int port) {
  public static HttpOptions of(Settings settings) {
    return new HttpOptions(
        settings.get(GistreamOptions.HTTP_HOST), settings.get(GistreamOptions.HTTP_PORT));
  }
}
