package io.gistream.config;

import io.gistream.config.GistreamOptions.SubjectNaming;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the schema registry is and how it is spoken to.
 *
 * @param urls asked in this order until one answers
 * @param user for basic authentication; empty for none
 * @param trust certificates that the server's is checked with; empty for those of Java
 * @param clientKey key store with the certificate shown to the server; empty for none
 * @param autoRegister whether a schema that the registry does not know is registered
 * @param patience how long a request is repeated while no answer comes
 */
public record RegistryOptions(
    List<URI> urls,
    String user,
    String password,
    Optional<Path> trust,
    String trustPassword,
    Optional<Path> clientKey,
    String clientKeyPassword,
    boolean autoRegister,
    SubjectNaming naming,
    Duration patience) {

  public RegistryOptions {
    urls = List.copyOf(urls);
  }

  /** Empty when no registry is used. */
  public static Optional<RegistryOptions> from(Settings settings) {
    String urls = settings.get(GistreamOptions.SCHEMA_REGISTRY_URL);
    return urls.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RegistryOptions(
                Arrays.stream(urls.split(",", -1))
                    .map(String::strip)
                    .map(url -> URI.create(url.replaceAll("/+$", "")))
                    .toList(),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_USER),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_PASSWORD),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_TRUST),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_TRUST_PASSWORD),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_CLIENT_KEY),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_CLIENT_KEY_PASSWORD),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_AUTO_REGISTER),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_SUBJECT_NAMING),
                settings.get(GistreamOptions.SCHEMA_REGISTRY_PATIENCE)));
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "RegistryOptions" + urls;
  }
}
