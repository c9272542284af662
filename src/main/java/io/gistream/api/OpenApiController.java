package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** This API for machines (OpenAPI 3.1). */
@Open
@Controller("/openapi.yml")
final class OpenApiController {
  private final String document = read();

  @Get(produces = "application/yaml")
  String document() {
    return document;
  }

  private static String read() {
    try (InputStream in = OpenApiController.class.getResourceAsStream("/openapi.yml")) {
      if (in == null) {
        throw new IllegalStateException("/openapi.yml is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
