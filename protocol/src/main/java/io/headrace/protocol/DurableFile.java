package io.headrace.protocol;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A small file that is replaced as a whole: after a crash at any point, of the machine too, it is the old one or the new
 * one. For one writer at a time.
 */
public record DurableFile(Path path) {
    /** Stored before this returns. Beside it stands {@code NAME.new} for the while; its directory must be there. */
    public void replace(ByteBuffer content) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel file = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                file.write(content);
            }
            file.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory =
                FileChannel.open(requireNonNull(path.toAbsolutePath().getParent()))) {
            directory.force(true);
        }
    }
}
