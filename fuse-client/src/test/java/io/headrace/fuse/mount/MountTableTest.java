package io.headrace.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.fuse.mount.MountTable.Mounted;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static final String LOWER = "36 25 0:29 / /mnt/a\\040b rw,nosuid shared:1 - ext4 /dev/vda rw";
    private static final String UPPER =
            "99 36 0:57 / /mnt/a\\040b ro,nosuid,nodev - fuse.headrace oss://bucket/a rw,user_id=0";

    @Test
    void the_uppermost_mount_at_a_path_counts() {
        MountTable table = MountTable.parse(List.of(LOWER, UPPER));
        assertThat(table.at(Path.of("/mnt/a b")))
                .contains(new Mounted("/mnt/a b", "fuse.headrace", "oss://bucket/a", 57));
        assertThat(table.at(Path.of("/mnt/a b")).orElseThrow().isHeadrace()).isTrue();
        assertThat(table.at(Path.of("/mnt"))).isEmpty();
    }

    @Test
    void optional_fields_may_be_many_or_none() {
        assertThat(MountTable.parse(List.of(LOWER)).mounts())
                .containsExactly(new Mounted("/mnt/a b", "ext4", "/dev/vda", 29));
    }
}
