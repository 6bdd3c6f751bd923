package io.headrace.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * As a plain loader does without a cache: one stream from the origin. The origin is far slower than the comparison, so
 * bytes are compared as they come and a second pass is not needed.
 */
final class DirectLoader implements Loader {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int PATIENCE_MILLIS = 60_000;

    private final URI origin;
    private long wrong;

    DirectLoader(URI origin) {
        this.origin = origin;
    }

    @Override
    public void load(Model model, LongConsumer progress) throws IOException {
        wrong = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        for (ModelFile file : model.files()) {
            ByteCheck check = new ByteCheck(file);
            try (InputStream in = open(origin.resolve(file.name()))) {
                int read;
                while ((read = in.readNBytes(buffer, 0, buffer.length)) > 0) {
                    check.next(ByteBuffer.wrap(buffer, 0, read));
                    progress.accept(read);
                }
            }
            wrong += check.wrongBytes();
        }
    }

    private static InputStream open(URI uri) throws IOException {
        var connection = uri.toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        return connection.getInputStream();
    }

    @Override
    public long wrongBytes(Model model) {
        return wrong;
    }
}
