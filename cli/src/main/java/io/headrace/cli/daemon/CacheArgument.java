package io.headrace.cli.daemon;

import io.headrace.protocol.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/** {@code --cache DIR[:SIZE]}. */
record CacheArgument(Path directory, Optional<ByteSize> size) {
    static CacheArgument parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.indexOf('/', colon) >= 0) {
            return new CacheArgument(Path.of(text), Optional.empty());
        }
        return new CacheArgument(
                Path.of(text.substring(0, colon)), Optional.of(ByteSize.parse(text.substring(colon + 1))));
    }
}
