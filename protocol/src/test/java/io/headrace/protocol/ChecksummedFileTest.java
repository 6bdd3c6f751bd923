package io.headrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ChecksummedFile.DamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksummedFileTest {
    private static final byte[] MESSAGE = {1, 2, 3, 4, 5};

    @TempDir
    Path directory;

    private ChecksummedFile file;

    @BeforeEach
    void place() {
        file = new ChecksummedFile(directory.resolve("file"), "a format 1\n");
    }

    @Test
    void what_was_written_is_read() throws IOException {
        assertThat(file.read()).isEmpty();
        file.replace(MESSAGE);
        assertThat(file.read()).hasValue(ByteBuffer.wrap(MESSAGE));
        file.replace(new byte[0]);
        assertThat(file.read()).hasValue(ByteBuffer.allocate(0));
    }

    @Test
    void every_cut_and_every_flipped_bit_is_found() throws IOException {
        file.replace(MESSAGE);
        byte[] whole = Files.readAllBytes(file.path());
        for (int i = 0; i < whole.length; i++) {
            Files.write(file.path(), Arrays.copyOf(whole, i));
            assertThatThrownBy(file::read).isInstanceOf(DamagedException.class);
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) (1 << bit);
                Files.write(file.path(), flipped);
                assertThatThrownBy(file::read).isInstanceOf(DamagedException.class);
            }
        }
    }

    @Test
    void random_bytes_are_no_message() throws IOException {
        Random random = new Random(20261125);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            Files.write(file.path(), bytes);
            assertThatThrownBy(file::read).isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void a_file_of_another_format_is_told_from_a_damaged_one() throws IOException {
        new ChecksummedFile(file.path(), "a format 2\n").replace(MESSAGE);
        assertThatThrownBy(file::read).hasMessageContaining("another version");
    }
}
