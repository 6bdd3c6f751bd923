package io.headrace.storage.s3;

import static io.headrace.testing.web.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.fault.FullBacklog;
import io.headrace.testing.seaweed.S3Identity;
import io.headrace.testing.web.ScriptedServer;
import io.headrace.testing.web.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to S3, and what its failures turn into. */
@Timeout(60)
class S3RequestsTest {
    private static final S3Identity IDENTITY =
            new S3Identity("somebody", "SOMEBODYSACCESSKEY01", "somebodys-secret", List.of());
    private static final FileVersion VERSION =
            new FileVersion(MountId.of(URI.create("s3://bucket")), ObjectKey.of("key"), 10, new EntityTag("\"v1\""));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "a//b, /bucket/a/%2Fb",
        "/leading, /bucket/%2Fleading",
        "trailing/, /bucket/trailing/",
        "./a/../b, /bucket/./a/../b",
        "back\\slash, /bucket/back%5Cslash",
        "a+b c%41, /bucket/a%2Bb%20c%2541",
        "ü?#&, /bucket/%C3%BC%3F%23%26"
    })
    void a_key_is_sent_whole_with_nothing_normalized(String key, String path) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    boolean head = "HEAD".equals(exchange.getRequestMethod());
                    reply(head ? 404 : 200, "<ListBucketResult></ListBucketResult>")
                            .to(exchange);
                });
                UnderStore store = open(server.uri(), Map.of())) {
            assertThat(store.head(ObjectKey.of(key))).isEmpty();

            assertThat(server.requests().getFirst().line()).isEqualTo("HEAD " + path);
        }
    }

    @Test
    void every_range_is_asked_for_with_the_version() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(reply(206, "23456", "Content-Range", "bytes 2-6/10", "ETag", "\"v1\""));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThat(read(store, new ByteRange(2, 5))).isEqualTo("23456");

            assertThat(server.requests())
                    .containsExactly(new ScriptedServer.Request("GET /bucket/key", "\"v1\"", "bytes=2-6"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|NoSuchBucket|NO_SUCH_LOCATION|there is no bucket \"bucket\"",
                "403|AccessDenied|FORBIDDEN|s3:GetObject",
                "403|InvalidAccessKeyId|BAD_CREDENTIALS|does not know this access key",
                "403|SignatureDoesNotMatch|BAD_CREDENTIALS|secret key is wrong",
                "400|ExpiredToken|BAD_CREDENTIALS|temporary credentials",
                "403|RequestTimeTooSkewed|CLOCK_SKEW|clock",
                "400|AuthorizationHeaderMalformed|BAD_REQUEST|region=eu-west-3",
                "301|PermanentRedirect|BAD_REQUEST|region=eu-west-3",
                "400|InvalidRequest|BAD_REQUEST|path-style"
            })
    void a_refusal_is_told_with_its_fix(int status, String code, Refusal refusal, String hint) throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(reply(status, error(code), "x-amz-bucket-region", "eu-west-3"));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(refusal))
                    .hasMessageContaining(hint)
                    .hasMessageContaining("s3://bucket")
                    .hasMessageNotContaining(IDENTITY.secretKey());
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"429, TooManyRequests", "503, SlowDown", "500, InternalError", "502, ''", "504, ''"})
    void trouble_at_the_service_is_unavailable_after_one_attempt_and_says_when_to_come_back(int status, String code)
            throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(status, error(code), "Retry-After", "7"));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, VERSION.wholeFile()))
                    .isInstanceOfSatisfying(
                            OriginException.Unavailable.class,
                            busy -> assertThat(busy.retryAfter()).contains(Duration.ofSeconds(7)))
                    .hasMessageContaining(String.valueOf(status));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void a_failed_condition_is_a_changed_version() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(412, error("PreconditionFailed")));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, VERSION.wholeFile()))
                    .isInstanceOf(OriginException.VersionChanged.class)
                    .hasMessageContaining("s3://bucket/key");
        }
    }

    @ParameterizedTest
    @CsvSource({"v2, 10", "v1, 11"})
    void a_server_that_ignores_the_condition_is_found_out(String tag, long total) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        reply(206, "0123", "Content-Range", "bytes 0-3/" + total, "ETag", '"' + tag + '"'));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, new ByteRange(0, 4)))
                    .isInstanceOf(OriginException.VersionChanged.class);
        }
    }

    @Test
    void a_server_that_ignores_ranges_is_refused() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(200, "0123456789", "ETag", "\"v1\""));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, new ByteRange(0, 4)))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("Range");
            assertThat(read(store, VERSION.wholeFile())).isEqualTo("0123456789");
        }
    }

    @Test
    void a_range_of_another_length_is_unavailable() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(reply(206, "012", "Content-Range", "bytes 0-2/10", "ETag", "\"v1\""));
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, new ByteRange(0, 4)))
                    .isInstanceOf(OriginException.Unavailable.class);
        }
    }

    @Test
    void a_body_cut_short_is_unavailable_and_never_an_end() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.getResponseHeaders().add("Content-Range", "bytes 0-9/10");
                    exchange.sendResponseHeaders(206, 10);
                    exchange.getResponseBody().write("01234".getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                });
                UnderStore store = open(server.uri(), Map.of())) {
            assertThatThrownBy(() -> read(store, VERSION.wholeFile()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("s3://bucket/key");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_server_that_goes_silent_is_unavailable_after_the_stall_timeout(boolean inTheBody) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    if (inTheBody) {
                        exchange.getResponseHeaders().add("Content-Range", "bytes 0-9/10");
                        exchange.sendResponseHeaders(206, 10);
                        exchange.getResponseBody().write('0');
                        exchange.getResponseBody().flush();
                    }
                    await(end);
                });
                UnderStore store = open(server.uri(), Map.of("stall-timeout", "300ms"))) {
            assertThatThrownBy(() -> read(store, VERSION.wholeFile()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("silent");
            end.countDown();
        }
    }

    @Test
    void a_refused_connection_is_unavailable_and_names_the_endpoint() throws Exception {
        URI endpoint;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        try (UnderStore store = open(endpoint, Map.of())) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("no connection to " + endpoint.getAuthority());
        }
    }

    @Test
    void an_endpoint_that_swallows_packets_is_unavailable_after_the_connect_timeout() throws Exception {
        try (FullBacklog backlog = FullBacklog.start();
                UnderStore store =
                        open(URI.create("http://127.0.0.1:" + backlog.port()), Map.of("connect-timeout", "300ms"))) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("connect-timeout");
        }
    }

    @Test
    void an_unknown_host_is_refused_with_its_name() throws Exception {
        try (UnderStore store = open(URI.create("http://no-such-host.invalid"), Map.of())) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NO_SUCH_LOCATION))
                    .hasMessageContaining("no-such-host.invalid");
        }
    }

    @Test
    void a_server_without_tls_is_a_tls_refusal() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                UnderStore store = open(URI.create("https://127.0.0.1:" + plain.getLocalPort()), Map.of())) {
            Thread.ofVirtual().start(() -> answerWithoutTls(plain));

            assertTlsRefusal(store, "http://");
        }
    }

    private static void answerWithoutTls(ServerSocket plain) {
        try (Socket connection = plain.accept()) {
            connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            connection.getOutputStream().flush();
            connection.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_certificate_of_a_private_authority_is_trusted_when_it_is_named() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        try (ScriptedServer server =
                        ScriptedServer.startTls(certificate, reply(200, "<ListBucketResult></ListBucketResult>"));
                UnderStore untrusting = open(server.uri(), Map.of());
                UnderStore trusting =
                        open(server.uri(), Map.of("ca-file", certificate.pem().toString()))) {
            assertTlsRefusal(untrusting, "ca-file");

            assertThat(trusting.list(ListingRequest.all()).objects()).isEmpty();
        }
    }

    @Test
    void a_ca_file_without_certificates_is_refused_with_its_name() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        try (UnderStore store = open(URI.create("https://127.0.0.1:1"), Map.of("ca-file", empty.toString()))) {
            assertTlsRefusal(store, "empty.pem");
        }
    }

    private static void assertTlsRefusal(UnderStore store, String hint) {
        assertThatThrownBy(() -> store.list(ListingRequest.all()))
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.TLS))
                .hasMessageContaining(hint);
    }

    @Test
    void closing_or_interrupting_ends_a_read_that_waits() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.getResponseHeaders().add("Content-Range", "bytes 0-9/10");
                    exchange.sendResponseHeaders(206, 10);
                    exchange.getResponseBody().write('0');
                    exchange.getResponseBody().flush();
                    await(end);
                });
                UnderStore store = open(server.uri(), Map.of("stall-timeout", "50s"))) {
            assertThat(endOfWaitingRead(store, (channel, reader) -> channel.close()))
                    .isInstanceOf(ClosedChannelException.class);
            assertThat(endOfWaitingRead(store, (channel, reader) -> reader.interrupt()))
                    .isInstanceOf(ClosedByInterruptException.class);
            end.countDown();
        }
    }

    private interface Interference {
        void with(ReadableByteChannel channel, Thread reader) throws IOException;
    }

    private static Throwable endOfWaitingRead(UnderStore store, Interference interference) throws Exception {
        ReadableByteChannel channel = store.open(VERSION, VERSION.wholeFile());
        CountDownLatch began = new CountDownLatch(1);
        FutureTask<Integer> read = new FutureTask<>(() -> {
            channel.read(ByteBuffer.allocate(1));
            began.countDown();
            return channel.read(ByteBuffer.allocate(1));
        });
        Thread reader = Thread.ofPlatform().start(read);
        await(began);
        interference.with(channel, reader);
        reader.join(Duration.ofSeconds(20));
        return read.exceptionNow();
    }

    private UnderStore open(URI endpoint, Map<String, String> more) throws IOException {
        Map<String, String> options = new HashMap<>(more);
        options.put("endpoint", endpoint.toString());
        options.put(
                "credentials-file",
                SeaweedBuckets.credentialsFile(IDENTITY, folder).toString());
        return UnderStores.open(URI.create("s3://bucket"), UnderStoreOptions.parse(options));
    }

    private static String read(UnderStore store, ByteRange range) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        try (ReadableByteChannel channel = store.open(VERSION, range)) {
            while (channel.read(target) >= 0) {}
        }
        return new String(target.array(), 0, target.position(), StandardCharsets.UTF_8);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the test did not go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String error(String code) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>no</Message></Error>";
    }
}
