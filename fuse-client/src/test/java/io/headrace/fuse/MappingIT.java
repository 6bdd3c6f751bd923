package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mappings of every kind of file, by programs of their own. */
@Timeout(60)
class MappingIT {
    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();

    @ParameterizedTest
    @EnumSource
    void what_is_written_to_a_private_mapping_nobody_else_sees(ReadMode mode) throws Exception {
        FileEntry file = names.file(Namespace.ROOT_ID, "f", (2 << 20) + 4099);
        try (Mounted mounted = new Mounted(scratch, names, mode.settings())) {
            mode.arrange(mounted.store.complete(file));
            assertThat(run(PrivateMapping.command(mounted.path("f"), mounted.store.pathOf(file))))
                    .isEqualTo(PrivateMapping.ALL_RIGHT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_shared_mapping_has_every_byte(ReadMode mode) throws Exception {
        FileEntry file = names.file(Namespace.ROOT_ID, "f", (2 << 20) + 4099);
        try (Mounted mounted = new Mounted(scratch, names, mode.settings())) {
            mode.arrange(mounted.store.complete(file));
            assertThat(run(MappingReader.command(mounted.path("f"), mounted.store.pathOf(file))))
                    .isEqualTo("mismatch at -1");
        }
    }

    private static String run(List<String> command) throws Exception {
        return Mounted.run(command.toArray(String[]::new));
    }
}
