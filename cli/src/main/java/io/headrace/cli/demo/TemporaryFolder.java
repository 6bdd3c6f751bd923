package io.headrace.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder that is gone after closing, with all that is in it. */
record TemporaryFolder(Path path) implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Memory is left to the cache and to others. */
    private static final int TIMES_ROOM = 4;

    static TemporaryFolder onDisk() throws IOException {
        return new TemporaryFolder(Files.createTempDirectory("headrace-demo-"));
    }

    /** In memory where much more than that is free there, else on disk. */
    static TemporaryFolder withRoomFor(long bytes) throws IOException {
        boolean roomy = Files.isWritable(MEMORY)
                && Files.getFileStore(MEMORY).getUsableSpace() / TIMES_ROOM > bytes
                && availableMemory() / TIMES_ROOM > bytes;
        return roomy ? new TemporaryFolder(Files.createTempDirectory(MEMORY, "headrace-demo-")) : onDisk();
    }

    private static long availableMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
