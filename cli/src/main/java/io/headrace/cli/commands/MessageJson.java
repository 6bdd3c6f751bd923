package io.headrace.cli.commands;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.headrace.cli.JsonText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A message as one line of JSON, every field present, and of alternatives the one that is set. Unlike the canonical mapping it writes 64-bit integers as numbers,
 * which is what {@code jq} and people expect.
 */
public final class MessageJson {
    private MessageJson() {}

    public static String of(Message message) {
        return message.getDescriptorForType().getFields().stream()
                .filter(field -> field.getRealContainingOneof() == null || message.hasField(field))
                .map(field -> JsonText.quoted(field.getJsonName()) + ": " + field(field, message.getField(field)))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String field(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            return ((List<?>) value).stream().map(MessageJson::entry).collect(Collectors.joining(", ", "{", "}"));
        }
        if (field.isRepeated()) {
            return ((List<?>) value).stream().map(MessageJson::value).collect(Collectors.joining(", ", "[", "]"));
        }
        return value(value);
    }

    /** Of a map whose keys are text. */
    private static String entry(Object entry) {
        Message both = (Message) entry;
        List<FieldDescriptor> fields = both.getDescriptorForType().getFields();
        return JsonText.quoted(String.valueOf(both.getField(fields.getFirst()))) + ": "
                + value(both.getField(fields.getLast()));
    }

    private static String value(Object value) {
        return switch (value) {
            case Message message -> of(message);
            case EnumValueDescriptor constant -> JsonText.quoted(constant.getName());
            case ByteString bytes -> JsonText.quoted(bytes.toStringUtf8());
            case String text -> JsonText.quoted(text);
            case Double number when !Double.isFinite(number) -> JsonText.quoted(number.toString());
            default -> String.valueOf(value);
        };
    }
}
