package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.Bytes;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RequestDecoderTest {
    private static MemorySegment message(int opcode, byte... body) {
        MemorySegment message = MemorySegment.ofArray(new byte[RequestHeader.BYTES + body.length]);
        message.set(JAVA_INT_UNALIGNED, 0, (int) message.byteSize());
        message.set(JAVA_INT_UNALIGNED, 4, opcode);
        message.set(JAVA_LONG_UNALIGNED, 8, 42);
        message.set(JAVA_LONG_UNALIGNED, 16, 7);
        MemorySegment.copy(MemorySegment.ofArray(body), 0, message, RequestHeader.BYTES, body.length);
        return message;
    }

    private static Request decode(MemorySegment message) throws MalformedRequestException {
        return RequestDecoder.decode(RequestHeader.decode(message), message);
    }

    /** What is no request is refused as such; nothing reads beyond the message, whatever it says of itself. */
    @Property
    void any_body_decodes_or_is_malformed(
            @ForAll @IntRange(min = -1, max = 70) int opcode, @ForAll @Size(max = 64) byte[] body) {
        try {
            assertThat(decode(message(opcode, body))).isNotNull();
        } catch (MalformedRequestException refused) {
            assertThat(refused.toString()).contains("Malformed").hasSizeGreaterThan(60);
        }
    }

    @Property
    void any_bytes_are_a_header_that_says_their_length_or_malformed(@ForAll @Size(max = 80) byte[] bytes) {
        try {
            RequestHeader.decode(MemorySegment.ofArray(bytes));
            assertThat(MemorySegment.ofArray(bytes).get(JAVA_INT_UNALIGNED, 0)).isEqualTo(bytes.length);
        } catch (MalformedRequestException refused) {
            assertThat(bytes.length < RequestHeader.BYTES
                            || MemorySegment.ofArray(bytes).get(JAVA_INT_UNALIGNED, 0) != bytes.length)
                    .isTrue();
        }
    }

    @Property
    void a_cut_read_is_malformed(@ForAll @IntRange(max = 19) int length) {
        assertThatThrownBy(() -> decode(message(Opcode.READ.code(), new byte[length])))
                .isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void a_name_ends_at_its_nul_and_may_be_any_bytes() throws Exception {
        byte[] body = Arrays.copyOf("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1), 9);
        assertThat(decode(message(Opcode.LOOKUP.code(), body))).isEqualTo(new Request.Lookup(Bytes.copyOf(body, 0, 4)));
    }

    @Test
    void a_read_beyond_four_gibibytes_keeps_its_offset() throws Exception {
        MemorySegment body = MemorySegment.ofArray(new byte[40]);
        body.set(JAVA_LONG_UNALIGNED, 0, 14);
        body.set(JAVA_LONG_UNALIGNED, 8, 5L << 32);
        body.set(JAVA_INT_UNALIGNED, 16, 1 << 20);
        assertThat(decode(message(Opcode.READ.code(), body.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))))
                .isEqualTo(new Request.Read(14, 5L << 32, 1 << 20));
    }

    @Test
    void everything_that_writes_is_a_modification() throws Exception {
        for (Opcode opcode : new Opcode[] {
            Opcode.WRITE, Opcode.CREATE, Opcode.UNLINK, Opcode.SETATTR, Opcode.RENAME2, Opcode.COPY_FILE_RANGE_64
        }) {
            assertThat(decode(message(opcode.code()))).isEqualTo(new Request.Modify());
        }
    }

    @Test
    void a_resent_request_is_told_from_its_unique_number() {
        assertThat(new RequestHeader(15, 1L << 63 | 42, 2, 0).isResent()).isTrue();
        assertThat(new RequestHeader(15, 42, 2, 0).isResent()).isFalse();
    }
}
