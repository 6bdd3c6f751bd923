package io.headrace.testing.oss;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ObjectKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server says to plain HTTP; the SDK's own requests are those of the storage module's contract test. */
@Timeout(60)
class OssServerTest {
    private static final int BYTES = 3_000_000;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private byte[] content = new byte[0];
    private OssServer server;

    @BeforeEach
    void start() throws Exception {
        content = new byte[BYTES];
        new Random(1).nextBytes(content);
        Files.createDirectories(folder.resolve("models/a"));
        Files.write(folder.resolve("models/a/weights"), content);
        server = OssServer.start(OssServerOptions.of(folder).withPublicRead());
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @Test
    void files_in_a_buckets_folder_are_its_objects() throws Exception {
        HttpResponse<byte[]> answer = get("/models/a/weights");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(content);
        assertThat(server.traffic().bytesSent()).isEqualTo(BYTES);
        assertThat(server.traffic().reads(ObjectKey.of("a/weights"))).isEqualTo(1);
        assertThat(server.traffic().requests(OssOperation.GET_OBJECT)).isEqualTo(1);
    }

    @Test
    void a_page_of_no_keys_is_the_last_one() throws Exception {
        assertThat(text(get("/models?list-type=2&max-keys=0")))
                .contains("<IsTruncated>false</IsTruncated>")
                .doesNotContain("<Key>");
    }

    @Test
    void a_delimiter_of_several_bytes_rolls_up_to_its_last_byte() throws Exception {
        server.put("models", ObjectKey.of("x模y模z"), new byte[1]);
        server.put("models", ObjectKey.of("x橡y"), new byte[1]);

        assertThat(text(get("/models?list-type=2&prefix=x&delimiter=%E6%A8%A1")))
                .contains("<CommonPrefixes><Prefix>x模</Prefix></CommonPrefixes>")
                .contains("<Key>x橡y</Key>");
    }

    @Test
    void a_known_object_is_not_sent_again() throws Exception {
        String tag = get("/models/a/weights").headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> same = get("/models/a/weights", "If-None-Match", tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(get("/models/a/weights", "If-None-Match", "\"another\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_range_is_sent_alone_and_one_that_does_not_fit_gets_the_whole_object_as_from_oss() throws Exception {
        HttpResponse<byte[]> fits = get("/models/a/weights", "Range", "bytes=5-9");
        HttpResponse<byte[]> beyond = get("/models/a/weights", "Range", "bytes=5-9999999");
        HttpResponse<byte[]> standard =
                get("/models/a/weights", "Range", "bytes=9999999-", "x-oss-range-behavior", "standard");

        assertThat(fits.statusCode()).isEqualTo(206);
        assertThat(fits.body()).isEqualTo(Arrays.copyOfRange(content, 5, 10));
        assertThat(fits.headers().firstValue("Content-Range")).contains("bytes 5-9/" + BYTES);
        assertThat(beyond.statusCode()).isEqualTo(200);
        assertThat(standard.statusCode()).isEqualTo(416);
        assertThat(text(standard)).contains("<Code>InvalidRange</Code>");
    }

    @Test
    void a_replaced_object_has_another_tag_and_fails_the_condition() throws Exception {
        String tag = get("/models/a/weights").headers().firstValue("ETag").orElseThrow();
        assertThat(get("/models/a/weights", "If-Match", tag).statusCode()).isEqualTo(200);

        server.put("models", ObjectKey.of("a/weights"), content);

        HttpResponse<byte[]> changed = get("/models/a/weights", "If-Match", tag);
        assertThat(changed.statusCode()).isEqualTo(412);
        assertThat(text(changed)).contains("<Code>PreconditionFailed</Code>");
    }

    @Test
    void a_listing_rolls_up_and_pages() throws Exception {
        for (String key : new String[] {"a/x/1", "a/x/2", "a/y", "b"}) {
            server.put("models", ObjectKey.of(key), content);
        }

        String first = text(get("/models/?list-type=2&prefix=a/&delimiter=/&max-keys=2"));
        assertThat(first)
                .contains("<Key>a/weights</Key>", "<CommonPrefixes><Prefix>a/x/</Prefix></CommonPrefixes>")
                .contains("<IsTruncated>true</IsTruncated>")
                .doesNotContain("a/x/1", "a/y");
        String token = first.replaceAll("(?s).*<NextContinuationToken>(.*)</NextContinuationToken>.*", "$1");
        String second = text(get("/models/?list-type=2&prefix=a/&delimiter=/&continuation-token=" + token));
        assertThat(second)
                .contains("<Key>a/y</Key>", "<IsTruncated>false</IsTruncated>")
                .doesNotContain("a/x/", "weights");
    }

    @Test
    void writing_without_a_signature_is_refused() throws Exception {
        HttpRequest put = HttpRequest.newBuilder(uri("/models/new"))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build();

        HttpResponse<byte[]> answer = http.send(put, BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(text(answer)).contains("<Code>AccessDenied</Code>");
        assertThat(get("/models/new").statusCode()).isEqualTo(404);
    }

    @Test
    void a_throttle_holds_while_it_is_set() throws Exception {
        server.throttle(OssThrottle.total(10L * BYTES));
        long begin = System.nanoTime();

        assertThat(get("/models/a/weights").body()).isEqualTo(content);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(80));
    }

    @Test
    void an_unknown_bucket_and_an_unknown_key_are_told_apart() throws Exception {
        assertThat(text(get("/nothing/a"))).contains("<Code>NoSuchBucket</Code>");
        assertThat(text(get("/models/nothing"))).contains("<Code>NoSuchKey</Code>");
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create(server.endpoint() + path);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
