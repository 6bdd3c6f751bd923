package io.headrace.storage.http;

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
import io.headrace.testing.web.ScriptedServer;
import io.headrace.testing.web.TestCertificate;
import io.headrace.testing.web.WebFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What web servers answer, and what it turns into. */
@Timeout(60)
class HttpAnswersTest {
    private static final FileVersion VERSION = new FileVersion(
            MountId.of(URI.create("http://host/files")), ObjectKey.of("key"), 10, new EntityTag("\"v1\""));

    @Test
    void a_location_that_is_a_file_is_a_mount_of_one_object() throws Exception {
        WebFolder files = new WebFolder(WebFolder.Kind.FULL);
        files.put("models/one model.bin", new byte[123]);
        try (ScriptedServer server = ScriptedServer.start(files);
                UnderStore store = open(server.uri() + "/files/models/one%20model.bin", Map.of())) {
            var listed = store.list(ListingRequest.all()).objects();

            assertThat(listed).extracting(s -> s.key().toString()).containsExactly("one model.bin");
            assertThat(store.head(ObjectKey.of("one model.bin"))).contains(listed.getFirst());
            assertThat(store.head(ObjectKey.of("other"))).isEmpty();
            FileVersion version = listed.getFirst().version(store.mountId());
            assertThat(read(store, version, version.wholeFile())).hasSize(123);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, BAD_CREDENTIALS, login", "403, FORBIDDEN, denied", "400, BAD_REQUEST, address"})
    void a_refusal_is_told_with_its_fix(int status, Refusal refusal, String hint) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(status, ""));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> store.head(ObjectKey.of("key")))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(refusal))
                    .hasMessageContaining(hint)
                    .hasMessageContaining("/files/key");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void trouble_at_the_server_is_unavailable_and_says_when_to_come_back(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(status, "", "Retry-After", "3"));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, VERSION.wholeFile()))
                    .isInstanceOfSatisfying(
                            OriginException.Unavailable.class,
                            busy -> assertThat(busy.retryAfter()).contains(Duration.ofSeconds(3)));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void a_server_without_ranges_serves_whole_files_only() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(200, "0123456789", "ETag", "\"v1\""));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, new ByteRange(2, 3)))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("Range");
            assertThat(read(store, VERSION, VERSION.wholeFile())).isEqualTo("0123456789");
        }
    }

    @Test
    void a_server_that_ignores_the_condition_is_found_out() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(200, "0123456789", "ETag", "\"v2\""));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, VERSION.wholeFile()))
                    .isInstanceOf(OriginException.VersionChanged.class);
        }
    }

    @Test
    void a_server_without_validators_is_refused() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(200, "", "Content-Length", "10"));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> store.head(ObjectKey.of("key")))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("Last-Modified");
        }
    }

    @Test
    void a_compressed_answer_is_refused() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(reply(200, "0123456789", "ETag", "\"v1\"", "Content-Encoding", "gzip"));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> store.open(VERSION, VERSION.wholeFile()))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("compress");
        }
    }

    @Test
    void a_body_cut_short_is_unavailable_and_never_an_end() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.getResponseHeaders().add("ETag", "\"v1\"");
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().write('0');
                    exchange.getResponseBody().flush();
                });
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThatThrownBy(() -> read(store, VERSION, VERSION.wholeFile()))
                    .isInstanceOf(OriginException.Unavailable.class);
        }
    }

    @Test
    void redirects_are_followed_a_few_times_and_not_for_ever() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    String path = exchange.getRequestURI().getRawPath();
                    if (path.startsWith("/files/")) {
                        reply(302, "", "Location", "/elsewhere").to(exchange);
                    } else if (path.equals("/elsewhere")) {
                        reply(200, "0123456789", "ETag", "\"v1\"").to(exchange);
                    } else {
                        reply(302, "", "Location", path + "x").to(exchange);
                    }
                });
                UnderStore store = open(server.uri() + "/files/", Map.of());
                UnderStore endless = open(server.uri() + "/endless/", Map.of())) {
            assertThat(read(store, VERSION, VERSION.wholeFile())).isEqualTo("0123456789");

            assertThatThrownBy(() -> endless.head(ObjectKey.of("key")))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("redirect");
            assertThat(server.requests()).hasSizeLessThan(12);
        }
    }

    @Test
    void a_redirect_from_tls_to_plain_text_is_not_followed(@TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        try (ScriptedServer plain = ScriptedServer.start(reply(200, "0123456789", "ETag", "\"v1\""));
                ScriptedServer server =
                        ScriptedServer.startTls(certificate, reply(302, "", "Location", plain.uri() + "/key"));
                UnderStore untrusting = open(server.uri() + "/files/", Map.of());
                UnderStore store = open(
                        server.uri() + "/files/",
                        Map.of("ca-file", certificate.pem().toString()))) {
            assertThatThrownBy(() -> untrusting.head(ObjectKey.of("key")))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.TLS))
                    .hasMessageContaining("ca-file");
            assertThatThrownBy(() -> store.head(ObjectKey.of("key")))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("without encryption");
            assertThat(plain.requests()).isEmpty();
        }
    }

    @Test
    void an_unreachable_server_is_told_from_an_unknown_one() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        try (FullBacklog backlog = FullBacklog.start();
                UnderStore refusing = open("http://127.0.0.1:" + closedPort + "/", Map.of());
                UnderStore swallowing =
                        open("http://127.0.0.1:" + backlog.port() + "/", Map.of("connect-timeout", "300ms"));
                UnderStore unknown = open("http://no-such-host.invalid/", Map.of())) {
            assertThatThrownBy(() -> refusing.list(ListingRequest.all()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("no connection to 127.0.0.1:" + closedPort);
            assertThatThrownBy(() -> swallowing.list(ListingRequest.all()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("connect-timeout");
            assertThatThrownBy(() -> unknown.list(ListingRequest.all()))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("no-such-host.invalid");
        }
    }

    @Test
    void a_key_cannot_leave_the_location() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(reply(200, "0123456789", "ETag", "\"v1\""));
                UnderStore store = open(server.uri() + "/files/", Map.of())) {
            assertThat(store.head(ObjectKey.of("../secret"))).isEmpty();
            assertThat(store.head(ObjectKey.of("a/../../secret"))).isEmpty();
            assertThat(server.requests()).isEmpty();
        }
    }

    private static UnderStore open(String uri, Map<String, String> options) throws IOException {
        return UnderStores.open(URI.create(uri), UnderStoreOptions.parse(options));
    }

    private static String read(UnderStore store, FileVersion version, ByteRange range) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(1000);
        try (ReadableByteChannel channel = store.open(version, range)) {
            while (channel.read(target) >= 0) {}
        }
        return new String(target.array(), 0, target.position(), StandardCharsets.UTF_8);
    }
}
