package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.api.security.ApiKeys;
import io.gistream.api.security.Caller;
import io.gistream.api.security.Role;
import io.gistream.cli.InProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyCommandTest {
  @TempDir Path directory;

  @Test
  void theKeyIsPrintedOnceAndItsLineOpensTheDoor() throws Exception {
    Path file = directory.resolve("keys");
    Result first =
        InProcess.run(
            "api-key",
            "create",
            "--id",
            "laptop",
            "--role",
            "read,write",
            "--keys-file",
            file.toString());
    assertThat(first.exitCode()).isZero();
    Result second =
        InProcess.run("api-key", "create", "--id", "acme", "--role", "ADMIN", "--prefix", "acme/");
    assertThat(second.exitCode()).isZero();
    String line =
        second.err().lines().filter(it -> it.startsWith("acme ")).findFirst().orElseThrow();
    Files.writeString(file, Files.readString(file) + line + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    ApiKeys keys = ApiKeys.read(file);
    assertThat(keys.caller(first.out().strip()))
        .contains(new Caller("laptop", Set.of(Role.READ, Role.WRITE), ""));
    assertThat(keys.caller(second.out().strip()))
        .contains(new Caller("acme", Set.of(Role.ADMIN), "acme/"));
    assertThat(Files.readString(file)).doesNotContain(first.out().strip());
  }

  @Test
  void aWrongOneIsWrongUsage() {
    assertThat(InProcess.run("api-key", "create", "--id", "a b", "--role", "read").exitCode())
        .isEqualTo(2);
    assertThat(InProcess.run("api-key", "create", "--id", "a").exitCode()).isEqualTo(2);
    assertThat(InProcess.run("api-key", "create", "--id", "a", "--role", "king").exitCode())
        .isEqualTo(2);
  }
}
