package io.headrace.cli.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The machine this process runs on. */
final class LocalHost implements Host {
    private static final long PROBE_SECONDS = 3;
    private static final int PIECE_BYTES = 4 << 20;
    private static final int PIECES = 64;
    private static final Duration MEASURE = Duration.ofSeconds(2);
    private static final int PAGE_BYTES = 4096;

    @Override
    public Optional<String> read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (file.toString().endsWith(".gz")) {
                bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public Access access(Path path) {
        return new Access(Files.exists(path), Files.isReadable(path), Files.isWritable(path));
    }

    @Override
    public Optional<Path> program(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin:/usr/local/bin";
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public Optional<Disk> disk(Path path) {
        try {
            FileStore store = Files.getFileStore(existing(path));
            return Optional.of(new Disk(store.type(), store.getTotalSpace(), store.getUsableSpace()));
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    @Override
    public long userId() {
        return field(PrivilegeCheck.STATUS, "Uid")
                .map(ids -> Long.parseLong(ids.split("\\s+")[1]))
                .orElse(-1L);
    }

    @Override
    public int javaVersion() {
        return Runtime.version().feature();
    }

    @Override
    public OptionalLong responds(Path path) {
        long started = System.nanoTime();
        CompletableFuture<Long> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("doctor-probe").start(() -> {
            try {
                Files.readAttributes(path, BasicFileAttributes.class);
                answer.complete(Duration.ofNanos(System.nanoTime() - started).toMillis());
            } catch (IOException refused) {
                answer.completeExceptionally(refused);
            }
        });
        try {
            return OptionalLong.of(answer.get(PROBE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException silent) {
            return OptionalLong.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    @Override
    public Optional<DiskSpeed> measureDisk(Path path) {
        Path file = existing(path)
                .resolve(".headrace-doctor-" + ProcessHandle.current().pid());
        try {
            return Optional.of(measure(file));
        } catch (IOException refused) {
            return Optional.empty();
        } finally {
            remove(file);
        }
    }

    private static DiskSpeed measure(Path file) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES + PAGE_BYTES)
                .alignedSlice(PAGE_BYTES)
                .limit(PIECE_BYTES);
        long started = System.nanoTime();
        long written = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < PIECES && System.nanoTime() - started < MEASURE.toNanos(); i++) {
                written += channel.write(piece.rewind());
            }
            channel.force(true);
        }
        long writing = Math.max(1, System.nanoTime() - started);
        return new DiskSpeed(written * 1_000_000_000 / writing, readUncached(file, written));
    }

    /** By dd, because Java has no supported way to read past the page cache. @return 0 when that is impossible here */
    private static long readUncached(Path file, long bytes) throws IOException {
        long started = System.nanoTime();
        Process dd = new ProcessBuilder("dd", "if=" + file, "of=/dev/null", "bs=4M", "iflag=direct")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            boolean ended = dd.waitFor(MEASURE.multipliedBy(5));
            long nanos = Math.max(1, System.nanoTime() - started);
            return ended && dd.exitValue() == 0 ? bytes * 1_000_000_000 / nanos : 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            dd.destroyForcibly();
        }
    }

    private static Path existing(Path path) {
        Path existing = path.toAbsolutePath().normalize();
        while (!Files.isDirectory(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            System.err.println("headrace: " + file + " could not be removed: " + left.getMessage());
        }
    }
}
