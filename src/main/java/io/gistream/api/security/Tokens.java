package io.gistream.api.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of an OpenID provider: JWTs (RFC 7519) signed with one of its public keys, for us, and not
 * expired. The claim {@code gistream_roles} is a list of roles, {@code gistream_prefix} the
 * beginning of the ids of the streams they are for. Thread-safe.
 */
public final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** Asymmetric ones only: with a public key as the secret of an HMAC anybody could sign. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.EdDSA);

  private static final String ROLES = "gistream_roles";
  private static final String PREFIX = "gistream_prefix";

  /** As long as a provider may take to connect, and to send anything. */
  private static final int PATIENCE_MS = 5_000;

  /** Most bytes of its answer. */
  private static final int KEYS_BYTES = 1 << 18;

  private final boolean areAskedFor;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /**
   * @param jwks path or https URL of the keys
   * @throws IllegalArgumentException when the keys cannot be read
   */
  public Tokens(String jwks, String issuer, String audience) {
    areAskedFor = jwks.contains("://");
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            com.nimbusds.jose.JOSEObjectType.JWT,
            new com.nimbusds.jose.JOSEObjectType("at+jwt"),
            null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source(jwks)));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp")));
  }

  private static JWKSource<SecurityContext> source(String jwks) {
    try {
      return jwks.contains("://")
          ? JWKSourceBuilder.create(
                  url(jwks), new DefaultResourceRetriever(PATIENCE_MS, PATIENCE_MS, KEYS_BYTES))
              .retrying(true)
              .build()
          : new ImmutableJWKSet<>(JWKSet.load(Path.of(jwks).toFile()));
    } catch (IOException | ParseException e) {
      throw new IllegalArgumentException(
          "http.auth.jwks: %s holds no keys: %s".formatted(jwks, e.getMessage()), e);
    }
  }

  private static java.net.URL url(String jwks) throws MalformedURLException {
    if (!jwks.startsWith("https://")) {
      throw new IllegalArgumentException("http.auth.jwks: %s must be https".formatted(jwks));
    }
    return URI.create(jwks).toURL();
  }

  /**
   * Whether the keys come from a server, so that {@link #caller} may have to wait for it: at the
   * first token, when its keys are old, and for a token by a key that is new.
   */
  boolean areAskedFor() {
    return areAskedFor;
  }

  /**
   * Whose token this is; empty when it is not a good one, or gives no role. May block, see {@link
   * #areAskedFor}.
   */
  public Optional<Caller> caller(String token) {
    try {
      JWTClaimsSet claims = processor.process(token, null);
      Set<Role> roles = EnumSet.noneOf(Role.class);
      List<String> labels = claims.getStringListClaim(ROLES);
      (labels == null ? List.<String>of() : labels)
          .forEach(label -> Role.of(label).ifPresent(roles::add));
      String prefix = claims.getStringClaim(PREFIX);
      return roles.isEmpty()
          ? Optional.empty()
          : Optional.of(new Caller(claims.getSubject(), roles, prefix == null ? "" : prefix));
    } catch (KeySourceException e) {
      LOG.error("The keys that sign tokens cannot be had: {}", e.getMessage());
      return Optional.empty();
    } catch (ParseException | BadJOSEException | JOSEException e) {
      LOG.debug("A token was refused: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
