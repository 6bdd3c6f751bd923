package io.headrace.protocol.block;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The test vectors that clients in other languages use too: objects of texts, with the frame in hexadecimal digits. */
final class Vectors {
    private Vectors() {}

    static List<Vector> read(String file) throws IOException {
        ListValue.Builder all = ListValue.newBuilder();
        try (InputStream json =
                Objects.requireNonNull(Vectors.class.getResourceAsStream("/block-protocol/" + file), file)) {
            JsonFormat.parser().merge(new String(json.readAllBytes(), StandardCharsets.UTF_8), all);
        }
        return all.getValuesList().stream()
                .map(value -> new Vector(value.getStructValue()))
                .toList();
    }

    record Vector(Struct fields) {
        boolean has(String field) {
            return fields.containsFields(field);
        }

        String text(String field) {
            return fields.getFieldsOrThrow(field).getStringValue();
        }

        /** Unsigned. */
        long number(String field) {
            return Long.parseUnsignedLong(text(field));
        }

        int smallNumber(String field) {
            return (int) number(field);
        }

        byte[] bytes(String field) {
            return HexFormat.of().parseHex(text(field));
        }

        ByteBuffer frame() {
            return ByteBuffer.wrap(bytes("frame"));
        }

        @Override
        public String toString() {
            return text("name");
        }
    }
}
