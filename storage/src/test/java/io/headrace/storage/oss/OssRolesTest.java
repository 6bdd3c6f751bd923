package io.headrace.storage.oss;

import static io.headrace.testing.web.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.Secrecy;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.fault.FullBacklog;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A bucket that is read with a role's credentials, from the instance's metadata service or from STS. */
@Timeout(60)
class OssRolesTest {
    private static final String POD_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJoZWFkcmFjZSJ9.c2lnbmF0dXJl+/=";
    private static final OssIdentity ROLE = OssIdentity.temporary(
            "STS.HEADRACEROLE0001",
            "headrace-role-secret-000000001",
            "CAIS+token/of=the role",
            Instant.parse("2999-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    private final FakeMetadataService metadata = new FakeMetadataService(ROLE);
    private final FakeSts sts = new FakeSts(ROLE, POD_TOKEN);
    private final Map<String, String> environment = new HashMap<>();
    private OssServer server;
    private ScriptedServer metadataServer;
    private ScriptedServer stsServer;

    @BeforeEach
    void start() throws IOException {
        Path served = Files.createDirectory(folder.resolve("served"));
        server = OssServer.start(OssServerOptions.of(served).with(List.of(ROLE)));
        server.createBucket("models");
        metadataServer = ScriptedServer.start(metadata);
        stsServer = ScriptedServer.start(sts);
        environment.put(
                "ALIBABA_CLOUD_CREDENTIALS_FILE", folder.resolve("absent").toString());
    }

    @AfterEach
    void stop() {
        server.close();
        metadataServer.close();
        stsServer.close();
    }

    private Path beAPod() throws IOException {
        Path tokenFile = Files.writeString(folder.resolve("token"), POD_TOKEN + "\n");
        environment.put("ALIBABA_CLOUD_ROLE_ARN", FakeSts.ROLE_ARN);
        environment.put("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", FakeSts.PROVIDER_ARN);
        environment.put("ALIBABA_CLOUD_OIDC_TOKEN_FILE", tokenFile.toString());
        environment.put("ALIBABA_CLOUD_STS_ENDPOINT", stsServer.uri().toString());
        return tokenFile;
    }

    @ParameterizedTest
    @EnumSource(names = "BROKEN", mode = EnumSource.Mode.EXCLUDE)
    void the_instances_role_reads_whatever_mode_its_metadata_service_is_in(FakeMetadataService.Mode mode)
            throws IOException {
        metadata.mode = mode;

        assertReads(metadataServer.uri());
    }

    @Test
    void a_role_that_is_named_is_not_asked_for_its_name() throws IOException {
        environment.put("ALIBABA_CLOUD_ECS_METADATA", FakeMetadataService.ROLE);

        assertReads(metadataServer.uri());

        assertThat(metadataServer.requests())
                .extracting(ScriptedServer.Request::line)
                .containsExactly(
                        "PUT /latest/api/token",
                        "GET /latest/meta-data/ram/security-credentials/" + FakeMetadataService.ROLE);
    }

    @Test
    void an_old_metadata_service_is_left_alone_where_that_is_wanted() {
        metadata.mode = FakeMetadataService.Mode.OLD;
        environment.put("ALIBABA_CLOUD_IMDSV1_DISABLED", "true");

        assertRefused(metadataServer.uri(), "ALIBABA_CLOUD_IMDSV1_DISABLED");
    }

    @Test
    void an_instance_without_a_role_is_told_with_every_place_where_credentials_can_be() {
        metadata.identity = Optional.empty();

        assertRefused(metadataServer.uri(), "OSS_ACCESS_KEY_ID");
        assertRefused(metadataServer.uri(), "this instance has no RAM role");
        environment.put("ALIBABA_CLOUD_ECS_METADATA", "another-role");
        assertRefused(metadataServer.uri(), "this instance has no RAM role \"another-role\"");
    }

    @Test
    void no_metadata_service_is_no_trouble_of_an_origin_unless_a_role_of_it_is_named() throws IOException {
        try (FullBacklog nobody = FullBacklog.start()) {
            for (URI address : List.of(
                    URI.create("http://127.0.0.1:" + closedPort()), URI.create("http://127.0.0.1:" + nobody.port()))) {
                assertRefused(address, "no credentials were found. Set OSS_ACCESS_KEY_ID");
            }
            environment.put("ALIBABA_CLOUD_ECS_METADATA", FakeMetadataService.ROLE);
            assertUnavailable(URI.create("http://127.0.0.1:" + nobody.port()), "metadata service 127.0.0.1");
        }
    }

    @Test
    void a_metadata_service_in_trouble_is_unavailable_once_a_role_is_named() {
        environment.put("ALIBABA_CLOUD_ECS_METADATA", FakeMetadataService.ROLE);
        metadata.mode = FakeMetadataService.Mode.BROKEN;
        assertUnavailable(metadataServer.uri(), "HTTP status 500");

        metadata.mode = FakeMetadataService.Mode.NORMAL;
        metadata.code = "Failed";
        assertUnavailable(metadataServer.uri(), "has no credentials of the RAM role");
    }

    @Test
    void the_metadata_service_is_not_asked_where_that_is_unwanted_or_credentials_are_set() throws IOException {
        environment.put("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        assertRefused(metadataServer.uri(), "no credentials were found");

        environment.remove("ALIBABA_CLOUD_ECS_METADATA_DISABLED");
        environment.put("OSS_ACCESS_KEY_ID", ROLE.accessKeyId());
        environment.put("OSS_ACCESS_KEY_SECRET", ROLE.accessKeySecret());
        environment.put("OSS_SESSION_TOKEN", ROLE.token().orElseThrow());
        assertReads(metadataServer.uri());

        assertThat(metadataServer.requests()).isEmpty();
    }

    @Test
    void a_pods_role_reads() throws IOException {
        beAPod();

        assertReads(metadataServer.uri());

        assertThat(stsServer.requests()).as("one answer serves every request").hasSize(1);
        assertThat(metadataServer.requests()).isEmpty();
    }

    @Test
    void a_pods_token_is_read_anew_each_time_that_it_is_needed() throws IOException {
        Path tokenFile = beAPod();
        sts.trustedToken = "the next token";
        try (UnderStore store = open(metadataServer.uri())) {
            assertThat(catchThrowable(() -> store.list(ListingRequest.all())))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("AuthenticationFail.OIDCToken.Invalid")
                    .hasMessageContaining(tokenFile.toString());
            Files.writeString(tokenFile, "the next token");

            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ALIBABA_CLOUD_ROLE_ARN, '', ALIBABA_CLOUD_ROLE_ARN is not",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN, '', ALIBABA_CLOUD_OIDC_PROVIDER_ARN is not",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE, /nowhere/token, the token file /nowhere/token",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE, /dev/null, is empty",
        "ALIBABA_CLOUD_ROLE_ARN, acs:ram::1:role/other, does not hand out the role acs:ram::1:role/other"
    })
    void what_a_pods_role_lacks_is_told_by_name(String variable, String value, String hint) throws IOException {
        beAPod();
        environment.put(variable, value);

        assertRefused(metadataServer.uri(), hint);
    }

    @ParameterizedTest
    @CsvSource({"503, ServiceUnavailable", "400, Throttling.User", "200, ''"})
    void trouble_at_sts_is_unavailable(int status, String code) throws IOException {
        beAPod();
        sts.trouble = Optional.of(reply(status, "{\"Code\": \"" + code + "\"}"));

        assertUnavailable(metadataServer.uri(), "STS at 127.0.0.1");
    }

    @Test
    void sts_that_is_not_there_or_hangs_is_unavailable() throws Exception {
        beAPod();
        environment.put("ALIBABA_CLOUD_STS_ENDPOINT", "http://127.0.0.1:" + closedPort());
        assertUnavailable(metadataServer.uri(), "STS at 127.0.0.1");

        environment.put("ALIBABA_CLOUD_STS_ENDPOINT", stsServer.uri().toString());
        CountDownLatch end = new CountDownLatch(1);
        sts.trouble = Optional.of(exchange -> hang(exchange::close, end));
        assertUnavailable(metadataServer.uri(), "took longer than");
        end.countDown();
    }

    @Test
    void an_interrupt_ends_a_wait_for_sts() throws Exception {
        beAPod();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        sts.trouble = Optional.of(exchange -> {
            asked.countDown();
            hang(exchange::close, end);
        });
        try (UnderStore store = open(metadataServer.uri(), Map.of("stall-timeout", "50s"))) {
            FutureTask<Throwable> call = new FutureTask<>(() -> catchThrowable(() -> store.list(ListingRequest.all())));
            Thread caller = Thread.ofPlatform().start(call);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();

            assertThat(call.get(20, TimeUnit.SECONDS)).isInstanceOf(java.io.InterruptedIOException.class);
            end.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', false, https://sts.aliyuncs.com",
        "cn-hangzhou, false, https://sts.cn-hangzhou.aliyuncs.com",
        "cn-hangzhou, true, https://sts-vpc.cn-hangzhou.aliyuncs.com"
    })
    void the_address_of_sts_follows_from_the_environment(String region, String internal, URI expected)
            throws IOException {
        beAPod();
        environment.remove("ALIBABA_CLOUD_STS_ENDPOINT");
        environment.put("ALIBABA_CLOUD_STS_REGION", region);
        environment.put("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", internal);

        assertThat(OidcRole.of(environment, UnderStoreOptions.defaults()))
                .get()
                .isInstanceOfSatisfying(
                        OidcRole.class, role -> assertThat(role.sts().address()).isEqualTo(expected));
    }

    private void assertReads(URI metadataAddress) throws IOException {
        try (UnderStore store = open(metadataAddress)) {
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }
    }

    private void assertRefused(URI metadataAddress, String hint) {
        assertThat(failure(metadataAddress))
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_CREDENTIALS))
                .hasMessageContaining(hint);
    }

    private void assertUnavailable(URI metadataAddress, String hint) {
        assertThat(failure(metadataAddress))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining(hint);
    }

    private Throwable failure(URI metadataAddress) {
        return Secrecy.assertTellsNone(
                catchThrowable(() -> assertReads(metadataAddress)),
                ROLE.accessKeySecret(),
                ROLE.token().orElseThrow(),
                POD_TOKEN);
    }

    private UnderStore open(URI metadataAddress) throws OriginException {
        return open(metadataAddress, Map.of("stall-timeout", "2s", "connect-timeout", "2s"));
    }

    private UnderStore open(URI metadataAddress, Map<String, String> timeouts) throws OriginException {
        Map<String, String> texts = new HashMap<>(timeouts);
        texts.put("endpoint", server.endpoint().toString());
        texts.put("region", server.region());
        UnderStoreOptions options = UnderStoreOptions.parse(texts);
        CredentialsProvider credentials = new OssCredentials(
                Optional.empty(),
                Optional.empty(),
                environment,
                OssCredentials.Roles.of(options, environment, metadataAddress));
        assertThat(credentials.toString()).doesNotContain(ROLE.accessKeySecret(), POD_TOKEN);
        OssEndpoint endpoint = OssEndpoint.of(options, environment);
        return new OssStore(OssLocation.of("models", ""), OssSession.start(endpoint, options, credentials));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void hang(Runnable close, CountDownLatch end) throws IOException {
        try {
            if (!end.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the test did not go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close.run();
    }
}
