package io.headrace.protocol.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/** That the check of compatibility sees what it is there for. */
final class ProtoShapeTest {
    private static final FieldDescriptorProto FIELD = FieldDescriptorProto.newBuilder()
            .setName("length")
            .setNumber(3)
            .setType(FieldDescriptorProto.Type.TYPE_INT64)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
            .build();

    private static SortedSet<String> shape(FieldDescriptorProto... fields) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("M");
        for (FieldDescriptorProto field : fields) {
            message.addField(field);
        }
        return ProtoShape.of(FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder().setPackage("p").addMessageType(message))
                .build());
    }

    private static SortedSet<String> method(boolean streaming) {
        return ProtoShape.of(FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder()
                        .setPackage("p")
                        .addService(ServiceDescriptorProto.newBuilder()
                                .setName("S")
                                .addMethod(MethodDescriptorProto.newBuilder()
                                        .setName("Do")
                                        .setInputType(".p.A")
                                        .setOutputType(".p.B")
                                        .setServerStreaming(streaming))))
                .build());
    }

    @Test
    void a_field_is_its_number_name_and_type() {
        assertThat(shape(FIELD)).containsExactly("field .p.M 3 length: int64", "message .p.M");
    }

    @Test
    void a_field_that_was_removed_renumbered_renamed_or_has_another_type_shows() {
        assertThat(shape()).doesNotContain("field .p.M 3 length: int64");
        assertThat(shape(FIELD.toBuilder().setNumber(4).build())).isNotEqualTo(shape(FIELD));
        assertThat(shape(FIELD.toBuilder().setName("size").build())).isNotEqualTo(shape(FIELD));
        assertThat(shape(FIELD.toBuilder()
                        .setType(FieldDescriptorProto.Type.TYPE_INT32)
                        .build()))
                .isNotEqualTo(shape(FIELD));
        assertThat(shape(FIELD.toBuilder().setProto3Optional(true).build())).isNotEqualTo(shape(FIELD));
        assertThat(shape(FIELD.toBuilder()
                        .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                        .build()))
                .isNotEqualTo(shape(FIELD));
    }

    @Test
    void a_method_that_streams_is_another_one() {
        assertThat(method(false)).containsExactly("method .p.S Do: .p.A to .p.B");
        assertThat(method(true)).containsExactly("method .p.S Do: .p.A to stream .p.B");
    }
}
