package io.headrace.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.PemFile;
import io.headrace.protocol.credential.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and their keys in files. */
final class TokenFilesTest {
    @TempDir
    Path folder;

    private static TokenSettings settings(Path file) {
        return new TokenSettings(
                Optional.of(file), Optional.empty(), Optional.empty(), Duration.ofSeconds(60), Duration.ofMillis(50));
    }

    @Test
    void a_new_token_in_the_file_is_shown_without_a_restart() throws IOException {
        Path file = folder.resolve("token");
        SecretFile.create(file, "first\n");
        try (OwnToken token = OwnToken.open(settings(file), Optional.of("of the environment"))) {
            assertThat(token.get()).isEqualTo(Bytes.utf8("first"));
            SecretFile.replace(file, "second\n");
            await().until(() -> token.get().equals(Bytes.utf8("second")));
            Files.delete(file);
            SecretFile.create(file, "third");
            await().until(() -> token.get().equals(Bytes.utf8("third")));
        }
    }

    @Test
    void the_environment_is_asked_where_no_file_is_named() throws IOException {
        try (OwnToken token = OwnToken.open(TokenSettings.none(), Optional.of(" hunter2\n"))) {
            assertThat(token.get()).isEqualTo(Bytes.utf8("hunter2"));
            assertThat(token.toString()).doesNotContain("hunter2");
        }
        try (OwnToken none = OwnToken.open(TokenSettings.none(), Optional.empty())) {
            assertThat(none.get()).isEqualTo(Bytes.EMPTY);
        }
    }

    @Test
    void a_token_that_everybody_may_read_is_refused_and_not_told() throws IOException {
        Path file = folder.resolve("token");
        SecretFile.create(file, "hunter2");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> OwnToken.open(settings(file), Optional.empty()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("chmod o= " + file)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void tokens_that_were_called_back_are_listed_with_words_for_people() throws IOException {
        Path file = Files.writeString(folder.resolve("called-back"), "# lost\n\nid-1  # the laptop of team-a\nid-2\n");
        assertThat(CalledBackTokens.read(file)).containsExactlyInAnyOrder("id-1", "id-2");

        Files.writeString(file, "token id-1 of tenant team-a\n");
        assertThatThrownBy(() -> CalledBackTokens.read(file))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining(file + " has a line that is no id of a token");
    }

    @Test
    void keys_are_read_as_they_were_written() throws IOException {
        KeyPair keys = TokenKeys.generate();
        KeyPair next = TokenKeys.generate();
        Path secret = folder.resolve("key");
        SecretFile.create(secret, PemFile.block("PRIVATE KEY", keys.getPrivate().getEncoded()));
        Path open = Files.writeString(
                folder.resolve("keys.pub"),
                PemFile.block("PUBLIC KEY", keys.getPublic().getEncoded())
                        + PemFile.block("PUBLIC KEY", next.getPublic().getEncoded()));
        assertThat(TokenKeys.readPrivate(secret)).isEqualTo(keys.getPrivate());
        assertThat(TokenKeys.readPublic(open)).containsExactly(keys.getPublic(), next.getPublic());
        assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_key_of_another_kind_is_refused() throws IOException, GeneralSecurityException {
        KeyPair other = KeyPairGenerator.getInstance("EC").generateKeyPair();
        Path file = Files.writeString(
                folder.resolve("keys.pub"),
                PemFile.block("PUBLIC KEY", other.getPublic().getEncoded()));
        assertThatThrownBy(() -> TokenKeys.readPublic(file))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("headrace token key create");
    }

    @Test
    void a_private_key_in_place_of_the_public_one_is_named() throws IOException {
        Path file = folder.resolve("keys.pub");
        SecretFile.create(
                file,
                PemFile.block("PRIVATE KEY", TokenKeys.generate().getPrivate().getEncoded()));
        assertThatThrownBy(() -> TokenKeys.readPublic(file))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("no block -----BEGIN PUBLIC KEY-----");
    }
}
