package io.headrace.storage.http;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.PercentEncoding;
import java.net.URI;
import java.util.Arrays;
import java.util.Objects;

/**
 * A folder on a web server, or a file.
 *
 * @param base without a slash at its end
 * @param surelyFolder whether it was written with one
 */
record HttpLocation(URI base, boolean surelyFolder) {
    static HttpLocation of(URI uri) {
        String path = Objects.requireNonNullElse(uri.getRawPath(), "");
        String unslashed = path.replaceAll("/+$", "");
        return new HttpLocation(
                URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + unslashed),
                path.isEmpty() || !path.equals(unslashed));
    }

    /** The folder itself, for its index. */
    URI folder(ObjectKey key) {
        return URI.create(base + "/" + PercentEncoding.encode(key.bytes()));
    }

    URI object(ObjectKey key) {
        return folder(key);
    }

    /** The location's last component: the one key of a location that is a file. */
    ObjectKey fileName() {
        String path = base.getRawPath();
        return new ObjectKey(PercentEncoding.decode(path.substring(path.lastIndexOf('/') + 1)));
    }

    /** Whether the key stays below the location when servers and proxies resolve dots. */
    static boolean isInside(ObjectKey key) {
        Bytes bytes = key.bytes();
        return !bytes.isEmpty()
                && !bytes.endsWith((byte) '/')
                && bytes.indexOf((byte) 0, 0) < 0
                && Arrays.stream(bytes.toString().split("/", -1))
                        .noneMatch(name -> name.equals(".") || name.equals(".."));
    }
}
