package io.headrace.cli.demo;

import io.headrace.protocol.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** A real file that came in a jar. */
final class EmbeddedFile implements ModelFile {
    private final String name;
    private final byte[] bytes;

    private EmbeddedFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /** @throws IOException when the distribution lacks it */
    static EmbeddedFile ofResource(String resource) throws IOException {
        try (InputStream in = EmbeddedFile.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new IOException("the demo's model " + resource + " is not among Headrace's jars; build it again");
            }
            return new EmbeddedFile(resource, in.readAllBytes());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long lengthBytes() {
        return bytes.length;
    }

    @Override
    public List<ByteRange> parts() {
        return List.of(new ByteRange(0, bytes.length));
    }

    @Override
    public void fill(long offset, ByteBuffer target) {
        target.put(bytes, (int) offset, target.remaining());
    }
}
