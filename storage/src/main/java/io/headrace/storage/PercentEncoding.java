package io.headrace.storage;

import io.headrace.protocol.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Bytes as they stand in a URI's path: RFC 3986, section 2.1. */
public final class PercentEncoding {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /** The bytes of a raw path or path component; a {@code %} that starts no escape stands for itself. */
    public static Bytes decode(String raw) {
        Bytes bytes = Bytes.utf8(raw);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.at(i) == '%' && i + 2 < bytes.length() && isHex(bytes.at(i + 1)) && isHex(bytes.at(i + 2))) {
                decoded.write(HexFormat.fromHexDigit(bytes.at(i + 1)) << 4 | HexFormat.fromHexDigit(bytes.at(i + 2)));
                i += 2;
            } else {
                decoded.write(bytes.at(i));
            }
        }
        return Bytes.copyOf(decoded.toByteArray());
    }

    /** Escapes every byte but RFC 3986's unreserved characters and {@code '/'}. */
    public static String encode(Bytes bytes) {
        StringBuilder encoded = new StringBuilder(bytes.length() + 16);
        for (int i = 0; i < bytes.length(); i++) {
            byte b = bytes.at(i);
            if (isPlain(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || "-._~/".indexOf(b) >= 0;
    }

    private static boolean isHex(byte b) {
        return HexFormat.isHexDigit(b);
    }
}
