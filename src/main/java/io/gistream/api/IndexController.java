package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** For the person who opens the address. */
@Open
@Controller("/")
final class IndexController {
  private static final String INDEX =
      """
      Gistream: rolling summaries of live transcripts

      GET    /v1/about                        this instance, and what you may do
      GET    /v1/streams                      the streams; ?limit=1..1000 &after=<id>
      GET    /v1/streams/{id}                 one of them; percent-encode the id
      GET    /v1/streams/{id}/summary         the latest summary
      GET    /v1/streams/{id}/revisions       recent summaries; ?since=<revision> &limit=1..256
      GET    /v1/streams/{id}/chunks          recent chunks; ?since=<sequence> &limit=1..512
      GET    /v1/streams/{id}/memory          what the neurons of the memory do
      GET    /v1/streams/{id}/events          server-sent events of a stream; Last-Event-ID resumes
      GET    /v1/events                       server-sent events of all of them
      GET    /v1/dead-letters                 what could not be summarised
      POST   /v1/streams/{id}/chunks          puts chunks on the topic, JSON
      POST   /v1/streams/{id}/transcript      puts a transcript on the topic; ?speed=1 plays it
      POST   /v1/streams/{id}/end             ends the talk
      DELETE /v1/streams/{id}                 has a stream forgotten
      GET    /openapi.yml                     all this for machines
      GET    /health/liveness                 503 when only a restart helps
      GET    /health/readiness                200 when summaries can be asked for
      GET    /prometheus                      metrics
      """;

  private static final String PAGE = page();

  /** The web page for a browser, a list of endpoints for everybody else. */
  @Get(produces = {MediaType.TEXT_HTML, MediaType.TEXT_PLAIN})
  HttpResponse<String> index(HttpRequest<?> request) {
    HttpHeaders headers = request.getHeaders();
    boolean browser = headers.accept().contains(MediaType.TEXT_HTML_TYPE);
    return HttpResponse.ok(browser ? PAGE : INDEX)
        .contentType(browser ? MediaType.TEXT_HTML_TYPE : MediaType.TEXT_PLAIN_TYPE)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
  }

  private static String page() {
    try (InputStream page = IndexController.class.getResourceAsStream("/web/index.html")) {
      return new String(Objects.requireNonNull(page).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the web page cannot be read", e);
    }
  }
}
