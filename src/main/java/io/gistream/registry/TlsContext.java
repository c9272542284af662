package io.gistream.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a TLS connection trusts, and what it shows of us. */
final class TlsContext {
  private static final String PEM = "-----BEGIN";

  private TlsContext() {}

  /**
   * @param trust certificates in PEM, or a key store; empty for Java's own
   * @param clientKey key store with key and certificate; empty for none
   * @throws RegistryException when a file cannot be used
   */
  static SSLContext of(
      Optional<Path> trust, String trustPassword, Optional<Path> clientKey, String keyPassword) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager @Nullable [] trusted =
          trust.isPresent() ? trustManagers(trust.get(), trustPassword) : null;
      KeyManager @Nullable [] keys =
          clientKey.isPresent() ? keyManagers(clientKey.get(), keyPassword) : null;
      context.init(keys, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new RegistryException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trustManagers(Path file, String password)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    try {
      byte[] content = Files.readAllBytes(file);
      KeyStore store =
          new String(content, US_ASCII).contains(PEM)
              ? certificates(content)
              : KeyStore.getInstance(file.toFile(), chars(password));
      if (store.size() == 0) {
        throw new RegistryException("schema-registry.trust: no certificate in " + file);
      }
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("schema-registry.trust", file, e);
    }
  }

  private static KeyStore certificates(byte[] pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      store.setCertificateEntry("certificate-" + number++, certificate);
    }
    return store;
  }

  private static KeyManager[] keyManagers(Path file, String password)
      throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    try {
      factory.init(KeyStore.getInstance(file.toFile(), chars(password)), chars(password));
      return factory.getKeyManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable("schema-registry.client-key", file, e);
    }
  }

  @SuppressWarnings("NullAway") // null: the store has no password
  private static char[] chars(String password) {
    return password.isEmpty() ? null : password.toCharArray();
  }

  private static RegistryException unusable(String option, Path file, Exception e) {
    return new RegistryException("%s: %s cannot be used: %s".formatted(option, file, e), e);
  }
}
