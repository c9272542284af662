package io.gistream.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  @TempDir Path directory;
  private ECKey key;
  private Tokens tokens;

  @BeforeEach
  void publish() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    Path jwks = directory.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(key.toPublicJWK()).toString());
    tokens = new Tokens(jwks.toString(), "https://id.example", "gistream");
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://id.example")
        .audience("gistream")
        .subject("ada")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
        .claim("gistream_roles", List.of("read", "write", "king"));
  }

  private static String sign(JWTClaimsSet claims, ECKey by) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(), claims);
    jwt.sign(new ECDSASigner(by));
    return jwt.serialize();
  }

  @Test
  void aTokenForUsTellsWhoSomebodyIs() throws Exception {
    assertThat(tokens.caller(sign(claims().build(), key)))
        .contains(new Caller("ada", Set.of(Role.READ, Role.WRITE), ""));
    assertThat(tokens.caller(sign(claims().claim("gistream_prefix", "acme/").build(), key)))
        .map(Caller::prefix)
        .contains("acme/");
  }

  @Test
  void anyOtherTokenIsNone() throws Exception {
    Date past = Date.from(Instant.now().minusSeconds(600));
    ECKey stranger = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    SignedJWT hmac =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
    hmac.sign(new MACSigner(new JWKSet(key.toPublicJWK()).toString()));
    String good = sign(claims().build(), key);
    for (String bad :
        List.of(
            "",
            "a.b.c",
            good.substring(0, good.length() - 4) + "AAAA",
            new PlainJWT(claims().build()).serialize(),
            hmac.serialize(),
            sign(claims().build(), stranger),
            sign(claims().issuer("https://evil.example").build(), key),
            sign(claims().audience("others").build(), key),
            sign(claims().expirationTime(past).build(), key),
            sign(claims().expirationTime(null).build(), key),
            sign(claims().notBeforeTime(Date.from(Instant.now().plusSeconds(600))).build(), key),
            sign(claims().subject(null).build(), key),
            sign(claims().claim("gistream_roles", null).build(), key),
            sign(claims().claim("gistream_roles", List.of("king")).build(), key),
            sign(claims().claim("gistream_roles", 7).build(), key))) {
      assertThat(tokens.caller(bad)).as(bad).isEqualTo(Optional.empty());
    }
  }

  @Test
  void keysThatCannotBeHadAreReportedAtTheStart() {
    assertThatThrownBy(() -> new Tokens(directory.resolve("none").toString(), "i", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http.auth.jwks");
    assertThatThrownBy(() -> new Tokens("http://id.example/jwks", "i", "a"))
        .hasMessageContaining("must be https");
  }
}
