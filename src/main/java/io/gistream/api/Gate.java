package io.gistream.api;

import io.gistream.api.security.Caller;
import io.gistream.api.security.Doorman;
import io.gistream.api.security.Role;
import io.gistream.config.HttpSettings;
import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.core.annotation.AnnotationMetadataProvider;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Named;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Where every request passes first. What it may do is decided by the route that was found for it,
 * not by what its path looks like; a request without a route finds nothing but a file of the web
 * page.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Gate.ORDER)
final class Gate {
  static final int ORDER = -1000; // before all other filters of requests

  private static final String CALLER = "gistream.caller";
  private static final String BEARER = "bearer ";
  private static final String KEY_HEADER = "X-API-Key";

  private final Doorman doorman;
  private final RateLimits limits;
  private final HttpOptions options;
  private final boolean onlyThisMachine;

  private final Executor tokens;

  Gate(
      Doorman doorman,
      RateLimits limits,
      HttpOptions options,
      @Named(Executors.TOKENS) ExecutorService tokens) {
    this.tokens = tokens;
    this.doorman = doorman;
    this.limits = limits;
    this.options = options;
    this.onlyThisMachine =
        !doorman.asks() && !options.access().everybody() && HttpSettings.isLoopback(options.host());
  }

  /** Who sent a request that has passed. */
  static Caller caller(HttpRequest<?> request) {
    return request
        .getAttribute(CALLER, Caller.class)
        .orElseThrow(() -> ProblemException.unknown("a key is needed"));
  }

  /** Whom to count a request to. */
  String client(HttpRequest<?> request) {
    return doorman.asks() ? "key " + caller(request).id() : address(request);
  }

  private static String address(HttpRequest<?> request) {
    return "address " + request.getRemoteAddress().getAddress();
  }

  /** The request once it has passed; fails for one that does not. */
  @RequestFilter
  CompletableFuture<HttpRequest<?>> check(HttpRequest<?> request) {
    AnnotationMetadata route =
        RouteAttributes.getRouteMatch(request)
            .map(AnnotationMetadataProvider::getAnnotationMetadata)
            .orElse(null);
    checkHost(request);
    if (route == null || route.hasAnnotation(Open.class)) {
      return CompletableFuture.completedFuture(request);
    }
    if (request.getMethod() == HttpMethod.OPTIONS) {
      // what a browser asks before it asks; answered by the CORS filter, or with 405
      return CompletableFuture.completedFuture(request);
    }
    checkOrigin(request);
    if (!doorman.asksElsewhere(shown(request))) {
      admit(request, route);
      return CompletableFuture.completedFuture(request);
    }
    // this is a thread that serves many connections, and must not wait for another server
    CompletableFuture<HttpRequest<?>> admitted = new CompletableFuture<>();
    tokens.execute(
        () -> {
          try {
            admit(request, route);
            admitted.complete(request);
          } catch (Throwable e) {
            admitted.completeExceptionally(e);
          }
        });
    return admitted;
  }

  private void admit(HttpRequest<?> request, AnnotationMetadata route) {
    Caller caller = doorman.caller(shown(request)).orElse(null);
    if (caller == null) {
      limits.count(address(request));
      throw ProblemException.unknown(
          shown(request) == null
              ? "a key is needed: Authorization: Bearer KEY"
              : "this key or token is not a good one");
    }
    request.setAttribute(CALLER, caller);
    limits.count(client(request));
    if (!route.hasAnnotation(Known.class)) {
      checkRole(route, caller);
    }
  }

  private static void checkRole(AnnotationMetadata route, Caller caller) {
    Optional<Role> needed = route.enumValue(Needs.class, Role.class);
    Role role = needed.orElse(Role.READ);
    if (!caller.may(role) || (needed.isEmpty() && !caller.ofAllStreams())) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "'%s' lacks the role %s%s"
              .formatted(caller.id(), role.label(), needed.isEmpty() ? " for all streams" : ""));
    }
  }

  private static @Nullable String shown(HttpRequest<?> request) {
    String authorization = request.getHeaders().get("Authorization");
    if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return authorization.substring(BEARER.length()).strip();
    }
    return request.getHeaders().get(KEY_HEADER);
  }

  /** A web site may give its name the address of this machine; its pages still say its name. */
  private void checkHost(HttpRequest<?> request) {
    String host = request.getHeaders().get("Host");
    if (onlyThisMachine && host != null && !HttpSettings.isLoopback(withoutPort(host))) {
      throw new ProblemException(
          HttpStatus.MISDIRECTED_REQUEST,
          "this service answers for this machine alone, not for '%s'".formatted(host));
    }
  }

  /** Browsers let any page send some requests anywhere, and say for which. */
  private void checkOrigin(HttpRequest<?> request) {
    String origin = request.getHeaders().get("Origin");
    boolean reads = request.getMethod() == HttpMethod.GET || request.getMethod() == HttpMethod.HEAD;
    if (origin == null || reads || options.access().origins().contains(origin)) {
      return;
    }
    String host = request.getHeaders().get("Host");
    if (host == null || !authority(origin).equalsIgnoreCase(withoutDefaultPort(host))) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "pages of '%s' may not do that; see http.cors-origins".formatted(origin));
    }
  }

  private static String authority(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : withoutDefaultPort(authority);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String withoutDefaultPort(String authority) {
    return authority.replaceFirst(":(80|443)$", "");
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":\\d+$", "");
  }
}
