package io.gistream.api;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/**
 * Headers of every response. Texts and ids are other people's: no browser may take them for HTML,
 * and no other site may show or read what is here.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Gate.ORDER - 1) // also of those that the gate turns away
final class ResponseHeaders {
  private static final String CSP = "Content-Security-Policy";
  private static final String API_CSP = "default-src 'none'; frame-ancestors 'none'";
  private static final String PAGE_CSP =
      "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none';"
          + " frame-ancestors 'none'";

  /** Two years, as browsers ask before they remember it by heart. */
  private static final String HSTS = "max-age=63072000";

  private final boolean tls;

  ResponseHeaders(HttpOptions options) {
    this.tls = options.tls().isPresent();
  }

  @ResponseFilter
  void add(HttpRequest<?> request, MutableHttpResponse<?> response) {
    boolean api = request.getPath().startsWith("/v1/") || request.getPath().equals("/prometheus");
    response.header("X-Content-Type-Options", "nosniff");
    response.header("X-Frame-Options", "DENY");
    response.header("Referrer-Policy", "no-referrer");
    response.header("Cross-Origin-Resource-Policy", "same-origin");
    response.header("Cross-Origin-Opener-Policy", "same-origin");
    response.header(CSP, api ? API_CSP : PAGE_CSP);
    if (tls) {
      response.header("Strict-Transport-Security", HSTS);
    }
    if (!response.getHeaders().contains(HttpHeaders.CACHE_CONTROL)) {
      response.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
  }
}
