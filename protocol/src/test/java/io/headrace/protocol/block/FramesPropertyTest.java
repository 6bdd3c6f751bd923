package io.headrace.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes over a socket is a frame or a typed error. */
final class FramesPropertyTest {
    /** A decoder takes its frame from a buffer. */
    @FunctionalInterface
    private interface Decoder {
        Object decode(ByteBuffer bytes) throws MalformedFrameException;
    }

    private static final List<Decoder> DECODERS =
            List.of(Hello::decode, Welcome::decode, RequestCodec::decode, ResponseHead::decode);

    @Property
    void random_bytes_are_a_typed_error(@ForAll @Size(max = 200) byte[] bytes) {
        DECODERS.forEach(decoder -> assertTypedOutcome(decoder, bytes));
    }

    @Property
    void random_heads_with_right_checksums_are_frames_or_typed_errors(
            @ForAll @Size(44) byte[] head, @ForAll @Size(max = 100) byte[] rest) {
        assertTypedOutcome(RequestCodec::decode, sealed(head, 44, rest));
        assertTypedOutcome(ResponseHead::decode, sealed(head, 28, rest));
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putLong(BlockProtocol.MAGIC);
        assertTypedOutcome(Hello::decode, sealed(head, 28, rest));
        assertTypedOutcome(Welcome::decode, sealed(head, 28, rest));
    }

    /** Such as bodies that are announced longer than may be. */
    @Property
    void bodies_are_bounded_before_they_are_read(@ForAll int bodyBytes) {
        ByteBuffer head = ByteBuffer.allocate(RequestHead.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        head.put(0, (byte) 1).putInt(4, bodyBytes);
        head.putInt(44, FrameChecksum.of(head, 0, 44));
        if (bodyBytes < 0 || bodyBytes > BlockProtocol.MOST_BODY_BYTES) {
            assertThatThrownBy(() -> RequestCodec.decodeHead(head))
                    .isInstanceOf(MalformedFrameException.class)
                    .hasMessageContaining("too many");
        } else {
            assertThatThrownBy(() -> RequestCodec.decode(head)).isInstanceOf(MalformedFrameException.class);
        }
    }

    @Property
    void requests_come_back(@ForAll("requests") BlockRequest request, @ForAll @IntRange(max = 20) int at)
            throws MalformedFrameException {
        int length = RequestCodec.encodedBytes(request);
        ByteBuffer bytes = ByteBuffer.allocateDirect(at + length + 3).position(at);
        RequestCodec.encode(request, bytes);
        assertThat(bytes.position()).isEqualTo(at + length);
        bytes.position(at);
        assertThat(RequestCodec.decodeHead(bytes).id()).isEqualTo(request.id());
        assertThat(RequestCodec.decode(bytes)).isEqualTo(request);
        assertThat(bytes.position()).isEqualTo(at + length);
    }

    @Property
    void a_flipped_bit_is_found(@ForAll("requests") BlockRequest request, @ForAll @IntRange(min = 0) int bit) {
        byte[] bytes = encoded(request);
        int flipped = bit % (bytes.length * 8);
        bytes[flipped / 8] ^= (byte) (1 << (flipped % 8));
        assertThatThrownBy(() -> RequestCodec.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Property
    void a_truncated_request_is_found(@ForAll("requests") BlockRequest request, @ForAll @IntRange(min = 0) int cut) {
        byte[] bytes = encoded(request);
        assertThatThrownBy(() -> RequestCodec.decode(ByteBuffer.wrap(bytes, 0, cut % bytes.length)))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Property
    void a_flipped_bit_of_an_answer_is_found(
            @ForAll("heads") ResponseHead head, @ForAll @IntRange(max = 32 * 8 - 1) int bit) {
        ByteBuffer bytes = ByteBuffer.allocate(ResponseHead.BYTES);
        head.encode(bytes);
        bytes.flip();
        bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ (1 << (bit % 8))));
        assertThatThrownBy(() -> ResponseHead.decode(bytes)).isInstanceOf(MalformedFrameException.class);
    }

    @Property
    void answers_come_back(@ForAll("heads") ResponseHead head) throws MalformedFrameException {
        ByteBuffer bytes = ByteBuffer.allocate(ResponseHead.BYTES);
        head.encode(bytes);
        assertThat(ResponseHead.decode(bytes.flip())).isEqualTo(head);
    }

    @Property
    void any_message_is_cut_to_what_a_frame_takes_and_stays_text(@ForAll String message)
            throws MalformedFrameException {
        Failure failure = Failure.of(Status.WORKER_FAILED, message.repeat(20));
        byte[] sent = failure.messageBytes();
        assertThat(sent).hasSizeLessThanOrEqualTo(BlockProtocol.MOST_MESSAGE_BYTES);
        ResponseHead head = ResponseHead.failed(Opcode.READ, 1, failure);
        Failure received = head.failure(ByteBuffer.wrap(sent));
        assertThat(received.messageBytes()).isEqualTo(sent);
    }

    @Provide
    Arbitrary<BlockRequest> requests() {
        Arbitrary<Long> ids = Arbitraries.longs();
        Arbitrary<Integer> files = Arbitraries.integers();
        return Arbitraries.oneOf(
                Combinators.combine(ids, files, versions()).as(BlockRequest.Open::new),
                Combinators.combine(ids, files, ranges(), terms()).as(BlockRequest.Read::new),
                Combinators.combine(ids, files).as(BlockRequest.Close::new),
                ids.map(BlockRequest.Ping::new));
    }

    @Provide
    Arbitrary<ResponseHead> heads() {
        Arbitrary<Integer> crcs = Arbitraries.integers();
        Arbitrary<Long> positions = Arbitraries.longs();
        Arbitrary<Integer> sizes = Arbitraries.integers().between(0, BlockProtocol.MOST_MESSAGE_BYTES);
        return Combinators.combine(Arbitraries.of(Opcode.class), Arbitraries.of(Status.class), sizes, positions, crcs)
                .as((opcode, status, size, position, crc) -> new ResponseHead(
                        opcode, status != Status.OK, status, size, ~position, position, crc, size & 15));
    }

    private static Arbitrary<FileVersion> versions() {
        Arbitrary<byte[]> keys =
                Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(300);
        return Combinators.combine(keys, Arbitraries.longs().greaterOrEqual(0), Arbitraries.of(true, false))
                .as((key, length, tagged) -> new FileVersion(
                        new MountId("00ff00ff00ff00ff"),
                        new ObjectKey(Bytes.copyOf(key)),
                        length,
                        tagged ? new EntityTag("\"" + length + "\"") : new ModificationTag(-length, length)));
    }

    private static Arbitrary<ByteRange> ranges() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 2),
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 2))
                .as(ByteRange::new);
    }

    private static Arbitrary<ReadTerms> terms() {
        return Combinators.combine(
                        Arbitraries.of(FetchReason.class),
                        Arbitraries.of(Reach.class),
                        Arbitraries.integers().between(12, 20),
                        Arbitraries.integers().greaterOrEqual(0))
                .as((reason, reach, exponent, deadline) -> new ReadTerms(reason, reach, 1 << exponent, deadline));
    }

    private static byte[] encoded(BlockRequest request) {
        ByteBuffer bytes = ByteBuffer.allocate(RequestCodec.encodedBytes(request));
        RequestCodec.encode(request, bytes);
        return bytes.array();
    }

    private static byte[] sealed(byte[] head, int bytes, byte[] rest) {
        ByteBuffer frame = ByteBuffer.allocate(bytes + 4 + rest.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(head, 0, bytes).putInt(0).put(rest);
        return frame.putInt(bytes, FrameChecksum.of(frame, 0, bytes)).array();
    }

    private static void assertTypedOutcome(Decoder decoder, byte[] bytes) {
        try {
            assertThat(decoder.decode(ByteBuffer.wrap(bytes))).isNotNull();
        } catch (MalformedFrameException malformed) {
            assertThat(malformed).hasMessageMatching("(?s).+");
        }
    }
}
