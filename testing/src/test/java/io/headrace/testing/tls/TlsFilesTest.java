package io.headrace.testing.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.CredentialException.Reason;
import io.headrace.protocol.credential.PemFile;
import io.headrace.protocol.tls.TlsIdentity;
import io.headrace.protocol.tls.TlsSettings;
import io.headrace.testing.tls.CertificateAuthority.Issued;
import io.headrace.testing.tls.CertificateAuthority.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process says of the files of its TLS settings, and how it takes up new ones. */
final class TlsFilesTest {
    private static final Duration RELOAD = Duration.ofMillis(50);
    private static final List<String> HERE = List.of("127.0.0.1");

    @TempDir
    Path folder;

    private final CertificateAuthority authority = CertificateAuthority.create("cluster", Period.days(1));
    private Path trusted;
    private Issued issued;

    @BeforeEach
    void issue() throws IOException {
        trusted = authority.writeTo(folder.resolve("ca.pem"));
        issued = authority.issue(folder, "worker", HERE, Period.days(1));
    }

    @Test
    void a_file_that_is_not_there_is_named() throws IOException {
        Files.delete(issued.key());
        assertRefused(Reason.MISSING, issued.key(), "is not there");
    }

    @Test
    void a_file_that_is_no_pem_is_named() throws IOException {
        Files.writeString(trusted, "hello");
        assertRefused(Reason.WRONG_CONTENT, trusted, "no block -----BEGIN CERTIFICATE-----");
    }

    @Test
    void a_certificate_that_is_cut_short_is_named() throws IOException {
        Files.writeString(trusted, PemFile.block("CERTIFICATE", new byte[] {0x30, 0x10, 1}));
        assertRefused(Reason.WRONG_CONTENT, trusted, "cannot be read");
    }

    @Test
    void a_key_of_another_certificate_is_named() throws IOException {
        Issued other = authority.issue(folder, "other", HERE, Period.days(1));
        Files.copy(other.key(), issued.key(), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(Reason.WRONG_KEY, issued.key(), "is not the key of the certificate in " + issued.certificate());
    }

    @Test
    void an_expired_certificate_is_named_with_its_end() throws IOException {
        Instant end = Instant.parse("2020-01-02T00:00:00Z");
        authority.issue(folder, "worker", HERE, new Period(end.minusSeconds(99), end));
        assertRefused(Reason.EXPIRED, issued.certificate(), "expired at 2020-01-02T00:00:00Z");
    }

    @Test
    void a_certificate_of_the_future_is_named_with_its_beginning() throws IOException {
        Instant begin = Instant.parse("2199-01-02T00:00:00Z");
        authority.issue(folder, "worker", HERE, new Period(begin, begin.plusSeconds(99)));
        assertRefused(Reason.EXPIRED, issued.certificate(), "not valid before 2199-01-02T00:00:00Z");
    }

    @Test
    void a_key_that_everybody_may_read_is_refused() throws IOException {
        Files.setPosixFilePermissions(issued.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(Reason.OPEN_TO_OTHERS, issued.key(), "chmod o= " + issued.key());
        Files.setPosixFilePermissions(issued.key(), PosixFilePermissions.fromString("r--r-----"));
        TlsIdentity.open(settings()).close();
    }

    @Test
    void keys_of_other_forms_are_refused_with_what_to_do() throws IOException {
        Files.writeString(issued.key(), PemFile.block("EC PRIVATE KEY", new byte[] {1}));
        assertRefused(Reason.WRONG_CONTENT, issued.key(), "openssl pkcs8");
        Files.writeString(issued.key(), PemFile.block("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        assertRefused(Reason.WRONG_CONTENT, issued.key(), "with a password");
    }

    @Test
    void some_of_three_files_are_a_mistake() {
        assertThatThrownBy(() -> new TlsSettings(
                        Optional.of(trusted), Optional.empty(), Optional.of(trusted), Optional.empty(), RELOAD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set all three, or none");
    }

    @Test
    void a_new_certificate_is_taken_up_once_its_key_is_there_too() throws IOException {
        try (TlsIdentity identity = TlsIdentity.open(settings())) {
            X509Certificate before = identity.certificate();
            Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
            Issued next = authority.issue(elsewhere, "worker", HERE, Period.days(2));
            Files.move(next.certificate(), issued.certificate(), StandardCopyOption.REPLACE_EXISTING);
            await().during(RELOAD.multipliedBy(4))
                    .until(() -> identity.certificate().equals(before));
            Files.move(next.key(), issued.key(), StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> !identity.certificate().equals(before));
        }
    }

    @Test
    void a_file_that_vanishes_changes_nothing() throws IOException {
        try (TlsIdentity identity = TlsIdentity.open(settings())) {
            X509Certificate before = identity.certificate();
            Files.delete(issued.certificate());
            await().during(RELOAD.multipliedBy(4))
                    .until(() -> identity.certificate().equals(before));
            authority.issue(folder, "worker", HERE, Period.days(2));
            await().until(() -> !identity.certificate().equals(before));
        }
    }

    private TlsSettings settings() {
        return issued.trusting(trusted, RELOAD);
    }

    private void assertRefused(Reason reason, Path file, String message) {
        assertThatThrownBy(() -> TlsIdentity.open(settings()).close())
                .isInstanceOfSatisfying(
                        CredentialException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }
}
