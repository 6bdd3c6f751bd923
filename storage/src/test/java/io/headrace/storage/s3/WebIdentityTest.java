package io.headrace.storage.s3;

import static io.headrace.testing.web.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.Secrecy;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bucket that is read with the role of a pod of EKS. */
@Timeout(60)
class WebIdentityTest {
    private static final String POD_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJoZWFkcmFjZSJ9.c2lnbmF0dXJl+/=";
    private static final Pattern SIGNER = Pattern.compile("Credential=([A-Z0-9]+)/");

    @TempDir
    Path folder;

    private final FakeAwsSts sts = new FakeAwsSts(POD_TOKEN);
    private final List<String> signers = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path tokenFile = Path.of("");
    private ScriptedServer bucket;
    private ScriptedServer stsServer;

    @BeforeEach
    void start() throws IOException {
        bucket = ScriptedServer.start(this::list);
        stsServer = ScriptedServer.start(sts);
        tokenFile = Files.writeString(folder.resolve("token"), POD_TOKEN);
        environment.put("AWS_ROLE_ARN", FakeAwsSts.ROLE_ARN);
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", tokenFile.toString());
        environment.put("AWS_ENDPOINT_URL_STS", stsServer.uri().toString());
    }

    @AfterEach
    void stop() {
        bucket.close();
        stsServer.close();
    }

    /** Serves who shows the role's session token. */
    private void list(HttpExchange exchange) throws IOException {
        Matcher signer = SIGNER.matcher(exchange.getRequestHeaders().getFirst("Authorization"));
        signers.add(signer.find() ? signer.group(1) : "nobody");
        boolean known =
                FakeAwsSts.SESSION_TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
        reply(known ? 200 : 403, "<ListBucketResult></ListBucketResult>").to(exchange);
    }

    @Test
    void a_pods_role_is_asked_for_once_and_reads() throws IOException {
        try (UnderStore store = open()) {
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }
        assertThat(signers).containsExactly(FakeAwsSts.accessKey(1), FakeAwsSts.accessKey(1));
    }

    @Test
    void credentials_that_end_soon_are_asked_for_again() throws IOException {
        sts.seconds = 30;
        try (UnderStore store = open()) {
            store.list(ListingRequest.all());
            store.list(ListingRequest.all());
        }
        assertThat(signers.getLast()).isNotEqualTo(signers.getFirst());
    }

    @Test
    void a_pods_token_is_read_anew_each_time_that_it_is_needed() throws IOException {
        sts.trustedToken = "the next token";
        try (UnderStore store = open()) {
            assertThat(catchThrowable(() -> store.list(ListingRequest.all())))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("InvalidIdentityToken")
                    .hasMessageContaining(tokenFile.toString());
            Files.writeString(tokenFile, "the next token");

            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_ROLE_ARN, '', AWS_ROLE_ARN is not",
        "AWS_ROLE_ARN, arn:aws:iam::1:role/other, AccessDenied",
        "AWS_WEB_IDENTITY_TOKEN_FILE, /nowhere/token, the token file /nowhere/token"
    })
    void what_a_pods_role_lacks_is_told_by_name(String variable, String value, String hint) {
        environment.put(variable, value);

        assertThat(failure())
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_CREDENTIALS))
                .hasMessageContaining(hint);
    }

    @ParameterizedTest
    @CsvSource({"503, ServiceUnavailable", "400, Throttling", "400, IDPCommunicationError"})
    void trouble_at_sts_is_unavailable(int status, String code) {
        sts.trouble = Optional.of(FakeAwsSts.refusal(status, code, "no"));

        assertThat(failure()).isInstanceOf(OriginException.Unavailable.class).hasMessageContaining("STS");
    }

    @Test
    void sts_that_is_not_there_is_unavailable() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThat(failure())
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("AWS_ENDPOINT_URL_STS");
    }

    @Test
    void an_interrupt_ends_a_wait_for_sts() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        sts.trouble = Optional.of(exchange -> {
            asked.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (UnderStore store = open(Map.of("stall-timeout", "50s"))) {
            FutureTask<Throwable> call = new FutureTask<>(() -> catchThrowable(() -> store.list(ListingRequest.all())));
            Thread caller = Thread.ofPlatform().start(call);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();

            assertThat(call.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
            end.countDown();
        }
    }

    @Test
    void a_profile_may_name_a_program_that_prints_credentials() throws IOException {
        Path printed = Files.writeString(
                folder.resolve("printed"), """
                {"Version": 1, "AccessKeyId": "ASIAPRINTED", "SecretAccessKey": "%s", "SessionToken": "%s"}""".formatted(FakeAwsSts.SECRET, FakeAwsSts.SESSION_TOKEN));
        Path profiles =
                Files.writeString(folder.resolve("profiles"), "[default]\ncredential_process = cat " + printed + "\n");

        try (UnderStore store = open(Map.of("credentials-file", profiles.toString()))) {
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }

        assertThat(signers).containsExactly("ASIAPRINTED");
        assertThat(stsServer.requests()).isEmpty();
    }

    private Throwable failure() {
        return Secrecy.assertTellsNone(
                catchThrowable(() -> {
                    try (UnderStore store = open()) {
                        store.list(ListingRequest.all());
                    }
                }),
                POD_TOKEN,
                FakeAwsSts.SECRET,
                FakeAwsSts.SESSION_TOKEN);
    }

    private UnderStore open() {
        return open(Map.of());
    }

    private UnderStore open(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(more);
        options.put("endpoint", bucket.uri().toString());
        options.put("region", "eu-west-3");
        S3Location location = new S3Location("bucket", "");
        return new S3Store(location, S3Session.start(location, UnderStoreOptions.parse(options), environment));
    }
}
