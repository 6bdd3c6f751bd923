package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a program sees of an object that is replaced, truncated or deleted while it reads it: one version, or ESTALE. */
class ReplacedObjectE2E {
    private static final int LENGTH = 12 << 20;
    private static final int PIECE = 64 << 10;
    /** In the last of the file's three blocks, which nobody has asked for when the object changes. */
    private static final int FAR = 8 << 20;

    private static final byte[] OLD = bytes(1);
    private static final byte[] NEW = bytes(2);

    @TempDir
    private static Path folder;

    private static ServedBucket bucket;
    private static Launcher headrace;
    private static Path mountPoint;

    enum Change {
        REPLACED,
        TRUNCATED,
        DELETED;

        /** What the object's content is then. */
        Optional<byte[]> after() {
            return switch (this) {
                case REPLACED -> Optional.of(NEW);
                case TRUNCATED -> Optional.of(Arrays.copyOf(OLD, FAR + PIECE));
                case DELETED -> Optional.empty();
            };
        }

        void happenTo(String name) throws IOException {
            Optional<byte[]> after = after();
            if (after.isPresent()) {
                bucket.put(name, after.get());
            } else {
                bucket.remove(name);
            }
        }
    }

    @BeforeAll
    static void mount() throws IOException, InterruptedException {
        bucket = ServedBucket.start(folder.resolve("bucket"));
        for (Change change : Change.values()) {
            bucket.put(change.name(), OLD);
        }
        mountPoint = Files.createDirectory(folder.resolve("mount"));
        headrace = Launcher.in(folder).with("HEADRACE_FUSE_READ_AHEAD", "128KiB");
        ServedBucket.identify(headrace);
        Launcher.Outcome mounted = bucket.mount(headrace, mountPoint, "--read-ahead=off", "--refresh=0s");
        assertThat(mounted.status()).as(mounted.err()).isZero();
    }

    @AfterAll
    static void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
        bucket.close();
    }

    @ParameterizedTest
    @EnumSource
    void who_has_it_open_reads_the_old_bytes_or_estale_and_who_opens_it_again_what_there_is(Change change)
            throws IOException {
        Path file = mountPoint.resolve(change.name());
        try (FileChannel reader = FileChannel.open(file)) {
            assertThat(piece(reader, 0)).isEqualTo(Arrays.copyOf(OLD, PIECE));

            change.happenTo(change.name());

            assertThat(piece(reader, 0)).as("cached").isEqualTo(Arrays.copyOf(OLD, PIECE));
            assertThatThrownBy(() -> piece(reader, FAR))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Stale file handle");
        }
        if (change.after().isPresent()) {
            assertThat(Files.readAllBytes(file)).isEqualTo(change.after().get());
        } else {
            assertThatThrownBy(() -> Files.readAllBytes(file)).isInstanceOf(NoSuchFileException.class);
        }
    }

    private static byte[] piece(FileChannel file, long at) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (piece.hasRemaining()) {
            if (file.read(piece, at + piece.position()) < 0) {
                throw new IOException("the file ends at " + (at + piece.position()));
            }
        }
        return piece.array();
    }

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[LENGTH];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
