package io.headrace.storage.oss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.Secrecy;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.oss.OssIdentity.Access;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What OSS refuses, and what is told of it. The server checks signatures by itself. */
@Timeout(60)
class OssRejectionsTest {
    private static final OssCredentials.Roles NO_ROLES = OssCredentials.Roles.of(
            UnderStoreOptions.defaults(), Map.of("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"), EcsRole.METADATA);
    private static final OssIdentity OWNER = OssServerOptions.OWNER;
    private static final OssIdentity READER =
            OssIdentity.permanent("LTAIHEADRACEREADER01", "headrace-reader-secret-0000001", Access.READ);
    private static final OssIdentity STRANGER =
            OssIdentity.permanent("LTAIHEADRACESTRANGER", "headrace-stranger-secret-00001", Access.NONE);
    private static final OssIdentity GUEST = OssIdentity.temporary(
            "STS.HEADRACEGUEST001", "headrace-guest-secret-00000001", "CAIS-token-of-a-guest", Instant.MAX);
    private static final OssIdentity FORMER = OssIdentity.temporary(
            "STS.HEADRACEFORMER01", "headrace-former-secret-0000001", "CAIS-token-of-before", Instant.EPOCH);
    private static final List<OssIdentity> EVERYBODY = List.of(OWNER, READER, STRANGER, GUEST, FORMER);

    @TempDir
    Path folder;

    private Path served = Path.of("");
    private OssServer server;

    @BeforeEach
    void start() throws Exception {
        served = folder.resolve("served");
        Files.createDirectories(served.resolve("models"));
        Files.writeString(served.resolve("models/object"), "0123456789");
        server = OssServer.start(OssServerOptions.of(served).with(EVERYBODY));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart(OssServerOptions options) throws IOException {
        server.close();
        server = OssServer.start(options);
    }

    @Test
    void permanent_and_temporary_credentials_read() throws Exception {
        for (OssIdentity identity : List.of(OWNER, READER, GUEST)) {
            try (UnderStore store = open(identity)) {
                assertThat(store.list(ListingRequest.all()).objects()).hasSize(1);
                FileVersion version = version(store);
                assertThat(read(store, version, new ByteRange(2, 5))).isEqualTo(5);
            }
        }
    }

    @Test
    void an_unknown_key_is_told() throws Exception {
        assertRefused(
                OssIdentity.permanent("LTAINOBODY", "whatever-secret", Access.NONE),
                Refusal.BAD_CREDENTIALS,
                "does not know this access key");
    }

    @Test
    void a_wrong_secret_is_told() throws Exception {
        assertRefused(
                OssIdentity.permanent(OWNER.accessKeyId(), "not-the-secret", Access.NONE),
                Refusal.BAD_CREDENTIALS,
                "secret key is wrong");
    }

    @Test
    void a_missing_permission_is_told() throws Exception {
        assertRefused(STRANGER, Refusal.FORBIDDEN, "oss:GetObject");
    }

    @Test
    void an_expired_a_wrong_and_a_missing_security_token_are_told() throws Exception {
        assertRefused(FORMER, Refusal.BAD_CREDENTIALS, "temporary credentials");
        assertRefused(
                OssIdentity.temporary(GUEST.accessKeyId(), GUEST.accessKeySecret(), "another-token", Instant.MAX),
                Refusal.BAD_CREDENTIALS,
                "security token is expired or wrong");
        assertRefused(
                OssIdentity.permanent(GUEST.accessKeyId(), GUEST.accessKeySecret(), Access.ALL),
                Refusal.BAD_CREDENTIALS,
                "need their security token");
    }

    @Test
    void a_wrong_clock_is_told() throws Exception {
        for (Duration skew : List.of(Duration.ofMinutes(16), Duration.ofMinutes(-16))) {
            restart(OssServerOptions.of(served).with(EVERYBODY).with(Clock.offset(Clock.systemUTC(), skew)));

            assertRefused(OWNER, Refusal.CLOCK_SKEW, "NTP");
        }
    }

    @Test
    void a_clock_that_is_nearly_right_is_good_enough() throws Exception {
        restart(OssServerOptions.of(served).with(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(14))));

        try (UnderStore store = open(OWNER)) {
            assertThat(store.list(ListingRequest.all()).objects()).hasSize(1);
        }
    }

    @Test
    void a_wrong_region_is_told() throws Exception {
        assertRefused(
                options(OWNER).with(UnderStoreOption.REGION, "us-west-1"),
                Refusal.BAD_REQUEST,
                "Set the option region");
    }

    @Test
    void an_unsigned_request_reads_only_what_is_public() throws Exception {
        UnderStoreOptions anonymous =
                UnderStoreOptions.parse(Map.of("endpoint", server.endpoint().toString(), "anonymous", "true"));
        assertRefused(anonymous, Refusal.FORBIDDEN, "access is denied");

        restart(OssServerOptions.of(served).withPublicRead());
        try (UnderStore store = OssAccess.open(
                "oss://models",
                anonymous.with(UnderStoreOption.ENDPOINT, server.endpoint().toString()))) {
            assertThat(read(store, version(store), new ByteRange(0, 10))).isEqualTo(10);
        }
    }

    @Test
    void a_reader_may_not_write() throws Exception {
        try (UnderStore store = open(READER)) {
            assertRefusal(() -> store.delete(ObjectKey.of("object")), READER, Refusal.FORBIDDEN, "oss://models/object");
        }
    }

    @Test
    void a_missing_bucket_is_told_even_of_an_object() throws Exception {
        try (UnderStore store = OssAccess.open("oss://no-such-bucket", options(OWNER))) {
            assertRefusal(() -> store.head(ObjectKey.of("object")), OWNER, Refusal.NO_SUCH_LOCATION, "no-such-bucket");
        }
    }

    @Test
    void credentials_that_are_missing_are_told_with_the_places_to_write_them() throws Exception {
        Path absent = folder.resolve("absent");
        assertRefused(
                options(OWNER).with(UnderStoreOption.CREDENTIALS_FILE, absent.toString()),
                Refusal.BAD_CREDENTIALS,
                absent.toString());
        assertRefused(options(OWNER).with(UnderStoreOption.PROFILE, "another"), Refusal.BAD_CREDENTIALS, "[another]");

        OssCredentials nowhere = new OssCredentials(
                Optional.empty(),
                Optional.empty(),
                Map.of("ALIBABA_CLOUD_CREDENTIALS_FILE", absent.toString()),
                NO_ROLES);
        assertThatThrownBy(nowhere::getCredentials)
                .hasMessageContaining("OSS_ACCESS_KEY_ID")
                .hasMessageContaining("anonymous=true");
    }

    @Test
    void credentials_come_from_the_environment_and_renewed_ones_from_the_file() throws Exception {
        OssCredentials set = new OssCredentials(
                Optional.empty(),
                Optional.empty(),
                Map.of("OSS_ACCESS_KEY_ID", "id", "OSS_ACCESS_KEY_SECRET", "word", "OSS_SESSION_TOKEN", "token"),
                NO_ROLES);
        assertThat(set.getCredentials().securityToken()).isEqualTo("token");
        assertThat(set.toString()).doesNotContain("word").doesNotContain("token");

        UnderStoreOptions options = options(FORMER);
        try (UnderStore store = OssAccess.open("oss://models", options)) {
            assertThatThrownBy(() -> store.list(ListingRequest.all())).isInstanceOf(OriginException.Refused.class);
            Files.copy(
                    OssAccess.credentialsFile(GUEST, folder),
                    options.credentialsFile().orElseThrow(),
                    StandardCopyOption.REPLACE_EXISTING);
            assertThat(store.list(ListingRequest.all()).objects()).hasSize(1);
        }
    }

    private void assertRefused(OssIdentity identity, Refusal refusal, String hint) throws Exception {
        assertRefused(options(identity), refusal, hint);
    }

    /** Listing, looking up and reading are refused alike. */
    private void assertRefused(UnderStoreOptions options, Refusal refusal, String hint) throws Exception {
        try (UnderStore store = OssAccess.open("oss://models", options)) {
            FileVersion version = new FileVersion(store.mountId(), ObjectKey.of("object"), 10, new EntityTag("\"x\""));
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.list(ListingRequest.all()),
                    () -> store.head(ObjectKey.of("object")),
                    () -> store.open(version, version.wholeFile()))) {
                assertRefusal(call, OWNER, refusal, hint);
            }
        }
    }

    private static void assertRefusal(ThrowingCallable call, OssIdentity identity, Refusal refusal, String hint) {
        List<String> secrets = new ArrayList<>();
        EVERYBODY.forEach(known -> {
            secrets.add(known.accessKeySecret());
            known.token().ifPresent(secrets::add);
        });
        secrets.add("not-the-secret");
        secrets.add("another-token");
        assertThatThrownBy(call)
                .as("as %s", identity)
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(refusal))
                .hasMessageContaining(hint)
                .satisfies(thrown -> Secrecy.assertTellsNone(thrown, secrets));
    }

    private UnderStore open(OssIdentity identity) throws IOException {
        return OssAccess.open("oss://models", options(identity));
    }

    private UnderStoreOptions options(OssIdentity identity) throws IOException {
        return OssAccess.options(server, identity, folder);
    }

    private static FileVersion version(UnderStore store) throws IOException {
        return store.head(ObjectKey.of("object")).orElseThrow().version(store.mountId());
    }

    private static int read(UnderStore store, FileVersion version, ByteRange range) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        try (ReadableByteChannel channel = store.open(version, range)) {
            while (channel.read(target) >= 0) {}
        }
        return target.position();
    }
}
