package io.headrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoOriginTest {
    private static final SafetensorsFile FILE = SafetensorsFile.of("model.safetensors", 500_000);

    private final HttpClient client = HttpClient.newHttpClient();
    private DemoOrigin origin;

    @BeforeEach
    void start() throws IOException {
        origin = DemoOrigin.start(new Model(List.of(FILE)), 1_000_000_000);
    }

    @AfterEach
    void stop() {
        origin.close();
    }

    @Test
    void lists_what_it_has() throws IOException, InterruptedException {
        assertThat(new String(get("index.txt").body(), StandardCharsets.US_ASCII))
                .isEqualTo(FILE.name());
    }

    @Test
    void gives_the_range_that_is_asked_for() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(FILE.name(), "Range", "bytes=4000-104000");

        ByteBuffer expected = ByteBuffer.allocate(100_001);
        FILE.fill(4_000, expected);
        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.headers().firstValue("Content-Range")).contains("bytes 4000-104000/" + FILE.lengthBytes());
        assertThat(answer.body()).isEqualTo(expected.array());
        assertThat(new String(get(DemoOrigin.SENT).body(), StandardCharsets.US_ASCII))
                .isEqualTo("100001");
    }

    @Test
    void refuses_another_version_a_range_past_the_end_and_an_unknown_name() throws IOException, InterruptedException {
        assertThat(get(FILE.name(), "If-Match", "\"other\"").statusCode()).isEqualTo(412);
        assertThat(get(FILE.name(), "Range", "bytes=99999999-").statusCode()).isEqualTo(416);
        assertThat(get("absent").statusCode()).isEqualTo(404);
    }

    private HttpResponse<byte[]> get(String name, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin.uri() + name));
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
    }
}
