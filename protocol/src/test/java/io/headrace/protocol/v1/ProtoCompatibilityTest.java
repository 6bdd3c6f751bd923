package io.headrace.protocol.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Keeps processes of different versions talking: what {@code accepted.txt} has, the protos have too, with the same number
 * and type. What they have beyond it is accepted by {@code dev/checks/protos.sh --accept}, and committed.
 */
final class ProtoCompatibilityTest {
    private static final Path ACCEPTED = Path.of("src/test/resources/protos/accepted.txt");
    private static final Path PROTOS = Path.of("target/protos.binpb");
    private static final boolean ACCEPT = Boolean.getBoolean("headrace.protos.accept");

    private static SortedSet<String> accepted() throws IOException {
        return new TreeSet<>(Files.readAllLines(ACCEPTED));
    }

    private static SortedSet<String> present() throws IOException {
        return ProtoShape.of(FileDescriptorSet.parseFrom(Files.readAllBytes(PROTOS)));
    }

    @Test
    void nothing_that_was_accepted_is_removed_renumbered_or_of_another_type() throws IOException {
        SortedSet<String> gone = accepted();
        gone.removeAll(present());
        assertThat(gone)
                .as("these are spoken by processes that are out there: bring them back as they were, and add new fields"
                        + " beside them")
                .isEmpty();
    }

    @Test
    void what_is_new_was_accepted() throws IOException {
        SortedSet<String> added = present();
        added.removeAll(accepted());
        if (ACCEPT && !added.isEmpty()) {
            SortedSet<String> all = accepted();
            all.addAll(added);
            Files.write(ACCEPTED, all);
            added.clear();
        }
        assertThat(added)
                .as(
                        "new in the protos: look whether names and types can stay for ever, then run"
                                + " dev/checks/protos.sh --accept and commit %s",
                        ACCEPTED)
                .isEmpty();
    }
}
