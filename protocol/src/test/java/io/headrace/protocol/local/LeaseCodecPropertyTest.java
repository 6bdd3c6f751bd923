package io.headrace.protocol.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import io.headrace.protocol.local.LeaseAnswer.Refused;
import io.headrace.protocol.local.LeaseAnswer.Released;
import io.headrace.protocol.local.LeaseRequest.OpenLocal;
import io.headrace.protocol.local.LeaseRequest.Release;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes over the socket is a frame or a typed error. */
final class LeaseCodecPropertyTest {
    /** A decoder takes its frame from a buffer. */
    @FunctionalInterface
    private interface Decoder {
        Object decode(ByteBuffer bytes) throws MalformedFrameException;
    }

    private static final List<Decoder> DECODERS = List.of(LeaseCodec::decodeRequest, LeaseCodec::decodeAnswer);

    @Property
    void random_bytes_are_a_frame_or_a_typed_error(@ForAll @Size(max = 200) byte[] bytes) {
        DECODERS.forEach(decoder -> assertTypedOutcome(decoder, bytes));
    }

    @Property
    void random_bodies_behind_good_heads_are_frames_or_typed_errors(
            @ForAll @IntRange(max = 5) int kind, @ForAll int number, @ForAll @Size(max = 100) byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(LeaseCodec.HEAD_BYTES + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, (byte) kind)
                .putInt(4, body.length)
                .putInt(8, number)
                .put(LeaseCodec.HEAD_BYTES, body);
        DECODERS.forEach(decoder -> assertTypedOutcome(decoder, frame.array()));
    }

    @Property
    void lengths_are_bounded_before_anything_is_read(@ForAll int length) {
        ByteBuffer head = ByteBuffer.allocate(LeaseCodec.HEAD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, length);
        if (length < 0 || length > LeaseCodec.MOST_BITMAP_BYTES) {
            assertThatThrownBy(() -> LeaseCodec.answerBytes(head)).isInstanceOf(MalformedFrameException.class);
        }
        if (length < 0 || length > 64 << 10) {
            assertThatThrownBy(() -> LeaseCodec.requestBytes(head)).isInstanceOf(MalformedFrameException.class);
        }
    }

    @Property
    void requests_come_back(@ForAll("requests") LeaseRequest request) throws MalformedFrameException {
        ByteBuffer bytes = LeaseCodec.encode(request);
        assertThat(LeaseCodec.requestBytes(bytes)).isEqualTo(bytes.remaining() - LeaseCodec.HEAD_BYTES);
        assertThat(LeaseCodec.decodeRequest(bytes)).isEqualTo(request);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Property
    void answers_come_back(@ForAll("answers") LeaseAnswer answer) throws MalformedFrameException {
        ByteBuffer bytes = LeaseCodec.encode(answer);
        assertThat(LeaseCodec.answerBytes(bytes)).isEqualTo(bytes.remaining() - LeaseCodec.HEAD_BYTES);
        assertThat(LeaseCodec.decodeAnswer(bytes)).isEqualTo(answer);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Property
    void a_truncated_frame_is_found(@ForAll("answers") LeaseAnswer answer, @ForAll @IntRange(min = 0) int cut) {
        byte[] bytes = LeaseCodec.encode(answer).array();
        assertThatThrownBy(() -> LeaseCodec.decodeAnswer(ByteBuffer.wrap(bytes, 0, cut % bytes.length)))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Provide
    Arbitrary<LeaseRequest> requests() {
        Arbitrary<LeaseRequest> opens = Combinators.combine(
                        Arbitraries.longs().between(1, LeaseRequest.MOST_FILE_BYTES),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(50))
                .as((length, block, key) -> new OpenLocal(version(key, length), block % Blocks.count(length)));
        return Arbitraries.oneOf(opens, Arbitraries.integers().map(Release::new));
    }

    @Provide
    Arbitrary<LeaseAnswer> answers() {
        Arbitrary<BitSet> blocks =
                Arbitraries.integers().between(0, 5000).set().ofMaxSize(40).map(LeaseCodecPropertyTest::bits);
        Arbitrary<LeaseAnswer> lent = Combinators.combine(Arbitraries.integers(), Arbitraries.of(true, false), blocks)
                .as(Lent::new);
        Arbitrary<LeaseAnswer> refused = Combinators.combine(
                        Arbitraries.of(Status.NOT_HERE, Status.OVERLOADED, Status.UNAUTHORIZED),
                        Arbitraries.strings().ascii().ofMaxLength(100))
                .as((status, message) -> new Refused(Failure.of(status, message)));
        return Arbitraries.oneOf(lent, refused, Arbitraries.integers().map(Released::new));
    }

    private static BitSet bits(Set<Integer> set) {
        BitSet bits = new BitSet();
        set.forEach(bits::set);
        return bits;
    }

    private static FileVersion version(String key, long length) {
        return new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of(key), length, new EntityTag("\"1\""));
    }

    private static void assertTypedOutcome(Decoder decoder, byte[] bytes) {
        try {
            assertThat(decoder.decode(ByteBuffer.wrap(bytes))).isNotNull();
        } catch (MalformedFrameException typed) {
            assertThat(typed).hasMessageMatching("(?s).+");
        }
    }
}
