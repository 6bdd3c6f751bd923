package io.headrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import io.headrace.protocol.block.Vectors.Vector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors were made by another program from the specification. */
final class VectorsTest {
    static List<Vector> hellos() throws IOException {
        return Vectors.read("hello.json");
    }

    static List<Vector> welcomes() throws IOException {
        return Vectors.read("welcome.json");
    }

    static List<Vector> requests() throws IOException {
        return Vectors.read("requests.json");
    }

    static List<Vector> responses() throws IOException {
        return Vectors.read("responses.json");
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void a_hello_is_as_specified(Vector vector) throws IOException {
        Hello hello = new Hello(
                vector.smallNumber("lowestVersion"),
                vector.smallNumber("highestVersion"),
                vector.number("features"),
                Bytes.copyOf(vector.bytes("token")));
        assertThat(hello.encode()).isEqualTo(vector.frame());
        assertThat(Hello.decode(vector.frame())).isEqualTo(hello);
    }

    @ParameterizedTest
    @MethodSource("welcomes")
    void an_answer_to_hello_is_as_specified(Vector vector) throws IOException {
        Status status = Status.valueOf(vector.text("status"));
        Welcome welcome = status == Status.OK
                ? new Welcome.Accepted(
                        vector.smallNumber("version"),
                        vector.number("features"),
                        vector.smallNumber("mostFiles"),
                        vector.smallNumber("mostRequests"))
                : new Welcome.Refused(Failure.of(status, vector.text("message")));
        assertThat(Welcome.encode(welcome)).isEqualTo(vector.frame());
        assertThat(Welcome.decode(vector.frame())).isEqualTo(welcome);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_request_is_as_specified(Vector vector) throws IOException {
        BlockRequest request = request(vector);
        ByteBuffer encoded = ByteBuffer.allocate(RequestCodec.encodedBytes(request));
        RequestCodec.encode(request, encoded);
        assertThat(encoded.flip()).isEqualTo(vector.frame());
        assertThat(RequestCodec.decode(vector.frame())).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("responses")
    void an_answer_is_as_specified(Vector vector) throws IOException {
        ByteBuffer frame = vector.frame();
        ResponseHead head = ResponseHead.decode(frame);
        assertThat(frame).isEqualTo(ByteBuffer.wrap(vector.bytes("payload")));
        assertThat(head)
                .isEqualTo(new ResponseHead(
                        Opcode.valueOf(vector.text("opcode")),
                        Boolean.parseBoolean(vector.text("last")),
                        Status.valueOf(vector.text("status")),
                        frame.remaining(),
                        vector.number("id"),
                        vector.number("position"),
                        FrameChecksum.of(frame, frame.position(), frame.limit()),
                        vector.has("spread") ? vector.smallNumber("spread") : 0));
        ByteBuffer encoded = ByteBuffer.allocate(ResponseHead.BYTES);
        head.encode(encoded);
        assertThat(encoded.flip()).isEqualTo(vector.frame().limit(ResponseHead.BYTES));
        if (head.status() != Status.OK) {
            Failure failure = head.failure(frame);
            assertThat(failure.message()).isEqualTo(new String(vector.bytes("payload"), StandardCharsets.UTF_8));
            assertThat(ResponseHead.failed(head.opcode(), head.id(), failure)).isEqualTo(head);
        }
    }

    @Test
    void every_status_has_a_vector() throws IOException {
        assertThat(responses().stream().map(vector -> Status.valueOf(vector.text("status"))))
                .contains(Status.values());
    }

    @Test
    void a_hello_does_not_show_its_token() {
        assertThat(Hello.withToken(Bytes.utf8("secret"))).asString().doesNotContain("secret");
    }

    @Test
    void a_retry_pause_of_the_origin_survives_the_way() throws IOException {
        Vector vector = responses().stream()
                .filter(response -> response.number("position") == 1500)
                .findFirst()
                .orElseThrow();
        ByteBuffer frame = vector.frame();
        assertThat(ResponseHead.decode(frame).failure(frame).retryAfter())
                .isEqualTo(Optional.of(Duration.ofMillis(1500)));
    }

    private static BlockRequest request(Vector vector) {
        long id = vector.number("id");
        return switch (Opcode.valueOf(vector.text("opcode"))) {
            case OPEN -> new BlockRequest.Open(id, vector.smallNumber("file"), version(vector));
            case READ ->
                new BlockRequest.Read(
                        id,
                        vector.smallNumber("file"),
                        new ByteRange(vector.number("offset"), vector.number("length")),
                        new ReadTerms(
                                FetchReason.valueOf(vector.text("reason")),
                                Reach.valueOf(vector.text("reach")),
                                vector.smallNumber("frameBytes"),
                                vector.smallNumber("deadlineMillis")));
            case CLOSE -> new BlockRequest.Close(id, vector.smallNumber("file"));
            case PING -> new BlockRequest.Ping(id);
        };
    }

    private static FileVersion version(Vector vector) {
        VersionTag tag = vector.has("entityTag")
                ? new EntityTag(vector.text("entityTag"))
                : new ModificationTag(vector.number("modifiedNanos"), vector.number("fileId"));
        return new FileVersion(
                new MountId(vector.text("mount")),
                new ObjectKey(Bytes.copyOf(vector.bytes("key"))),
                vector.number("length"),
                tag);
    }
}
