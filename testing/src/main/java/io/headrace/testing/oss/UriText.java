package io.headrace.testing.oss;

import io.headrace.protocol.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Escaping as OSS's V4 signature defines it: all but {@code A-Z a-z 0-9 - _ . ~}. */
final class UriText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UriText() {}

    static String encode(Bytes bytes, boolean keepSlash) {
        StringBuilder encoded = new StringBuilder(bytes.length() + 16);
        for (int i = 0; i < bytes.length(); i++) {
            byte b = bytes.at(i);
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || "-_.~".indexOf(b) >= 0
                    || (keepSlash && b == '/');
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    static Bytes decode(String raw) throws OssRefusal {
        Bytes bytes = Bytes.utf8(raw);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.at(i) != '%') {
                decoded.write(bytes.at(i));
                continue;
            }
            if (i + 2 >= bytes.length()
                    || !HexFormat.isHexDigit(bytes.at(i + 1))
                    || !HexFormat.isHexDigit(bytes.at(i + 2))) {
                throw new OssRefusal(400, "InvalidURI", "Couldn't parse the specified URI.");
            }
            decoded.write(HexFormat.fromHexDigit(bytes.at(i + 1)) << 4 | HexFormat.fromHexDigit(bytes.at(i + 2)));
            i += 2;
        }
        return Bytes.copyOf(decoded.toByteArray());
    }
}
