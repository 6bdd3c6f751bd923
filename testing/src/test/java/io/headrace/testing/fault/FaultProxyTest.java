package io.headrace.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {
    private static final String BODY = "0123456789".repeat(10_000);
    private static final int READ_MILLIS = 2000;

    private ScriptedServer server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start(ScriptedServer.reply(200, BODY));
        proxy = FaultProxy.before(server.uri());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void without_a_fault_answers_pass_as_they_are() throws Exception {
        assertThat(get()).isEqualTo(BODY);
        assertThat(get()).isEqualTo(BODY);
        assertThat(proxy.spoiledAnswers()).isZero();
    }

    @Test
    void a_fault_happens_as_often_as_was_said() throws Exception {
        proxy.inject(Fault.Reply.of(503, "Retry-After: 7"), 2);

        HttpURLConnection first = open();
        assertThat(first.getResponseCode()).isEqualTo(503);
        assertThat(first.getHeaderField("Retry-After")).isEqualTo("7");
        assertThat(open().getResponseCode()).isEqualTo(503);
        assertThat(get()).isEqualTo(BODY);
        assertThat(server.requests()).hasSize(1);
        assertThat(proxy.spoiledAnswers()).isEqualTo(2);
    }

    @Test
    void a_cut_answer_ends_behind_the_byte_that_was_said() {
        proxy.inject(new Fault.Cut(5000));
        assertThatThrownBy(this::get).isInstanceOf(IOException.class).hasMessageContaining("EOF");
        assertThat(proxy.spoiledAnswers()).isPositive();
    }

    @Test
    void an_answer_shorter_than_the_fault_passes_and_does_not_count() throws Exception {
        proxy.inject(new Fault.Cut(1_000_000), 1);
        assertThat(get()).isEqualTo(BODY);
        assertThat(proxy.spoiledAnswers()).isZero();
    }

    @Test
    void a_hanging_answer_neither_goes_on_nor_ends() {
        proxy.inject(new Fault.Hang(5000));
        assertThatThrownBy(this::get).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void one_bit_of_a_corrupt_answer_is_another() throws Exception {
        proxy.inject(new Fault.Corrupt(5000), 1);
        String read = get();
        assertThat(read).hasSameSizeAs(BODY);
        assertThat(differences(read)).isOne();
        assertThat(get()).isEqualTo(BODY);
    }

    @Test
    void a_reset_connection_is_no_end_of_file() {
        proxy.inject(new Fault.Reset());
        assertThatThrownBy(this::get).isInstanceOf(SocketException.class).isNotInstanceOf(ConnectException.class);
    }

    @Test
    void a_late_and_a_slow_answer_are_whole_and_take_their_time() throws Exception {
        long start = System.nanoTime();
        proxy.inject(new Fault.Late(Duration.ofMillis(300)), 1);
        assertThat(get()).isEqualTo(BODY);
        long late = System.nanoTime();
        assertThat(Duration.ofNanos(late - start)).isGreaterThan(Duration.ofMillis(300));

        proxy.inject(new Fault.Slow(4L * BODY.length()), 1);
        assertThat(get()).isEqualTo(BODY);
        assertThat(Duration.ofNanos(System.nanoTime() - late)).isGreaterThan(Duration.ofMillis(200));
    }

    @Test
    void a_dripping_answer_is_whole_and_takes_its_time_for_each_byte() throws Exception {
        try (ScriptedServer small = ScriptedServer.start(ScriptedServer.reply(200, "0123456789"));
                FaultProxy dripping = FaultProxy.before(small.uri())) {
            dripping.inject(new Fault.Drip(Duration.ofMillis(5)), 1);
            long start = System.nanoTime();

            HttpURLConnection answer =
                    (HttpURLConnection) dripping.in(small.uri()).toURL().openConnection();
            assertThat(answer.getInputStream().readAllBytes()).hasSize(10);

            assertThat(dripping.answeredBytes()).isGreaterThan(50);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(5 * dripping.answeredBytes()));
            assertThat(dripping.spoiledAnswers()).isOne();
        }
    }

    @Test
    void connections_that_are_ended_leave_room_for_new_ones() throws Exception {
        proxy.inject(new Fault.Hang(5000), 1);
        try (InputStream hanging = open().getInputStream()) {
            await().until(() -> proxy.spoiledAnswers() == 1);
            proxy.disconnect();
            assertThatThrownBy(hanging::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
        assertThat(get()).isEqualTo(BODY);
    }

    @Test
    void a_closed_proxy_takes_no_connections() {
        proxy.close();
        assertThatThrownBy(this::get).isInstanceOf(ConnectException.class);
    }

    private HttpURLConnection open() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) proxy.in(server.uri()).toURL().openConnection();
        connection.setReadTimeout(READ_MILLIS);
        return connection;
    }

    private String get() throws IOException {
        HttpURLConnection connection = open();
        try (var body = connection.getInputStream()) {
            byte[] bytes = body.readNBytes(connection.getContentLength());
            if (bytes.length < connection.getContentLength()) {
                throw new IOException("premature EOF");
            }
            return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }

    private static int differences(String read) {
        int differences = 0;
        for (int i = 0; i < read.length(); i++) {
            differences += read.charAt(i) == BODY.charAt(i) ? 0 : 1;
        }
        return differences;
    }
}
