package io.headrace.protocol.v1;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a peer built from other protos relies on, a line for each field, value of an enum and method: its name, its number
 * and its type. Comments, order and file names are not part of it.
 */
final class ProtoShape {
    private final SortedSet<String> lines = new TreeSet<>();

    static SortedSet<String> of(FileDescriptorSet protos) {
        ProtoShape shape = new ProtoShape();
        for (FileDescriptorProto file : protos.getFileList()) {
            String scope = "." + file.getPackage() + ".";
            file.getMessageTypeList().forEach(message -> shape.message(scope, message));
            file.getEnumTypeList().forEach(type -> shape.values(scope, type));
            file.getServiceList().forEach(service -> shape.methods(scope, service));
        }
        return shape.lines;
    }

    private void message(String scope, DescriptorProto message) {
        String name = scope + message.getName();
        lines.add("message " + name);
        for (FieldDescriptorProto field : message.getFieldList()) {
            String oneof = field.hasOneofIndex() && !field.getProto3Optional()
                    ? " in " + message.getOneofDecl(field.getOneofIndex()).getName()
                    : "";
            lines.add("field " + name + " " + field.getNumber() + " " + field.getName() + ": " + label(field)
                    + type(field) + oneof);
        }
        message.getEnumTypeList().forEach(type -> values(name + ".", type));
        message.getNestedTypeList().forEach(inner -> message(name + ".", inner));
    }

    private static String label(FieldDescriptorProto field) {
        String label = switch (field.getLabel()) {
            case LABEL_REPEATED -> "repeated ";
            case LABEL_REQUIRED -> "required ";
            case LABEL_OPTIONAL -> "";
        };
        return field.getProto3Optional() ? "optional " : label;
    }

    private static String type(FieldDescriptorProto field) {
        return field.getTypeName().isEmpty()
                ? field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT)
                : field.getTypeName();
    }

    private void values(String scope, EnumDescriptorProto type) {
        for (EnumValueDescriptorProto value : type.getValueList()) {
            lines.add("value " + scope + type.getName() + " " + value.getNumber() + " " + value.getName());
        }
    }

    private void methods(String scope, ServiceDescriptorProto service) {
        for (MethodDescriptorProto method : service.getMethodList()) {
            lines.add("method " + scope + service.getName() + " " + method.getName() + ": "
                    + (method.getClientStreaming() ? "stream " : "") + method.getInputType() + " to "
                    + (method.getServerStreaming() ? "stream " : "") + method.getOutputType());
        }
    }
}
