package io.headrace.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.fuse.kernel.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class RequestFailureTest {
    @Test
    void a_process_that_is_out_of_descriptors_is_told_apart_from_a_broken_disk() {
        IOException tooMany = new FileSystemException("/cache/blocks/01", null, "Too many open files");

        assertThat(RequestFailure.errnoOfRead(tooMany)).isEqualTo(Errno.ENFILE);
        assertThat(RequestFailure.errnoOf(new IOException("the slab cannot be read", tooMany)))
                .isEqualTo(Errno.ENFILE);
        assertThat(RequestFailure.errnoOfRead(new FileSystemException("/cache/blocks/01", null, "Input/output error")))
                .isEqualTo(Errno.EIO);
    }
}
