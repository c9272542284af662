package io.gistream.config;

import io.gistream.config.GistreamOptions.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options of the HTTP server, and the rules about them. */
public final class HttpSettings {
  private static final String ORIGIN = "https?://[^\\s/,]+";
  private static final String LOOPBACK = "localhost|127(\\.\\d{1,3}){3}|\\[?::1]?";

  public static final Option<String> HOST =
      Option.of(
          "http.host",
          OptionType.text("a host name or an address", "[^\\s/]+"),
          "127.0.0.1",
          "Address that the HTTP server listens on; 0.0.0.0 for all.");
  public static final Option<Integer> PORT =
      Option.of("http.port", OptionType.port(), "8080", "Port that the HTTP server listens on.");
  public static final Option<String> ADVERTISED =
      Option.of(
          "http.advertised",
          OptionType.text("host:port, or empty", "(\\[[^\\s\\]]+]|[^\\s:/\\[\\]]+):\\d{1,5}|"),
          "",
          "Where other instances reach this one, to pass on requests about its streams; empty: they"
              + " do not.");
  public static final Option<DataSize> MAX_BODY =
      Option.of(
          "http.max-body",
          OptionType.dataSize("1KiB", "256MiB"),
          "8MiB",
          "Largest body of a request; larger ones are refused.");
  public static final Option<Integer> RATE_LIMIT =
      Option.of(
          "http.rate-limit",
          OptionType.wholeNumber(1, 1_000_000),
          "50",
          "Requests of one client in a second, in the long run; twice as many at once.");
  public static final Option<Integer> MAX_EVENT_STREAMS =
      Option.of(
          "http.max-event-streams",
          OptionType.wholeNumber(8, 100_000),
          "256",
          "Most open event streams; an eighth of them for one client.");
  public static final Option<DataSize> HISTORY_SIZE =
      Option.of(
          "http.history-size",
          OptionType.dataSize("0B", "64GiB"),
          "32MiB",
          "Heap for the last chunks and revisions of the streams heard last, for those who ask.");

  /** Who may ask. */
  public enum Auth {
    /** Those with a key or a token, where there are any; else everybody on this machine. */
    AUTO,
    /** Everybody. */
    NONE
  }

  public static final Option<Auth> AUTH =
      Option.of(
          "http.auth",
          OptionType.oneOf(Auth.class),
          "auto",
          "Who may ask: those with a key or a token (without http.auth.keys-file and"
              + " http.auth.jwks, on loopback alone, everybody), or everybody from anywhere.");
  public static final Option<Optional<Path>> KEYS_FILE =
      Option.of(
          "http.auth.keys-file",
          OptionType.optionalPath(),
          "",
          "File of API keys, one line each as 'gistream api-key create' prints them; read again"
              + " when it changes.");
  public static final Option<String> JWKS =
      Option.of(
          "http.auth.jwks",
          OptionType.text("a path or an https URL, or empty", "\\S*"),
          "",
          "Public keys (RFC 7517) that sign the tokens of an OpenID provider.");
  public static final Option<String> ISSUER =
      Option.of(
          "http.auth.issuer",
          OptionType.text("a text without spaces", "\\S*"),
          "",
          "Claim iss that a token must have.");
  public static final Option<String> AUDIENCE =
      Option.of(
          "http.auth.audience",
          OptionType.text("a text without spaces", "\\S*"),
          "",
          "Claim aud that a token must have.");
  public static final Option<Optional<Path>> TLS_CERTIFICATE =
      Option.of(
          "http.tls.certificate",
          OptionType.optionalPath(),
          "",
          "PEM file of the certificate and those that it rests on; HTTPS instead of HTTP.");
  public static final Option<Optional<Path>> TLS_KEY =
      Option.of(
          "http.tls.key",
          OptionType.optionalPath(),
          "",
          "PEM file of the certificate's private key, without a password.");
  public static final Option<String> CORS_ORIGINS =
      Option.of(
          "http.cors-origins",
          OptionType.text(
              "origins as https://example.org with commas between, or empty",
              "(" + ORIGIN + "(\\s*,\\s*" + ORIGIN + ")*)?"),
          "",
          "Web sites whose pages may use the API from a browser.");

  static final List<Option<?>> ALL =
      List.of(
          HOST,
          PORT,
          ADVERTISED,
          AUTH,
          KEYS_FILE,
          JWKS,
          ISSUER,
          AUDIENCE,
          TLS_CERTIFICATE,
          TLS_KEY,
          CORS_ORIGINS,
          MAX_BODY,
          RATE_LIMIT,
          MAX_EVENT_STREAMS,
          HISTORY_SIZE);

  static final List<Rule> RULES =
      List.of(
          new Rule(
              List.of(HOST, AUTH, KEYS_FILE, JWKS),
              it -> isLoopback(it.get(HOST)) || it.get(AUTH) == Auth.NONE || asksWho(it),
              "an address that other machines reach needs keys ('gistream api-key create' makes"
                  + " one) or tokens, or http.auth=none if everybody may come"),
          new Rule(
              List.of(JWKS, ISSUER, AUDIENCE),
              it ->
                  it.get(JWKS).isEmpty()
                      || (!it.get(ISSUER).isEmpty() && !it.get(AUDIENCE).isEmpty()),
              "the first needs the other two, or tokens made for others are let in"),
          new Rule(
              List.of(TLS_CERTIFICATE, TLS_KEY),
              it -> it.get(TLS_CERTIFICATE).isPresent() == it.get(TLS_KEY).isPresent(),
              "one needs the other"));

  private HttpSettings() {}

  private static boolean asksWho(Settings settings) {
    return settings.get(KEYS_FILE).isPresent() || !settings.get(JWKS).isEmpty();
  }

  /** Whether only this machine reaches an address; a name other than localhost may be anything. */
  public static boolean isLoopback(String host) {
    return host.matches(LOOPBACK);
  }
}
