package io.headrace.protocol.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.VersionTag;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Compares the placement with what {@code placement/make_vectors.py}, which shares no code with it, computed. */
final class PlacementVectorsTest {
    private final RendezvousPlacement placement = new RendezvousPlacement();
    private final Map<String, Value> vectors = read();

    @Test
    void versions_have_the_bytes_and_the_keys_of_the_vectors() {
        assertThat(list(vectors, "versions")).isNotEmpty().allSatisfy(vector -> {
            FileVersion version = version(vector);
            assertThat(HexFormat.of().formatHex(VersionCodec.encode(version))).isEqualTo(text(vector, "bytes"));
            assertThat(HexFormat.of().toHexDigits(PlacementKey.of(version).value()))
                    .isEqualTo(text(vector, "key_hash"));
        });
    }

    @Test
    void draws_have_the_bits_of_the_vectors() {
        assertThat(list(vectors, "draws")).isNotEmpty().allSatisfy(vector -> {
            PlacementKey key = PlacementKey.of(versions().get(number(vector, "version")));
            long worker = PlacementKey.hash(new WorkerId(text(vector, "worker")));
            assertThat(HexFormat.of().toHexDigits(worker)).isEqualTo(text(vector, "worker_hash"));
            long file = RendezvousPlacement.fileHash(key, number(vector, "block"));
            assertThat(HexFormat.of().toHexDigits(RendezvousPlacement.drawnBits(file, worker)))
                    .isEqualTo(text(vector, "bits"));
        });
    }

    @Test
    void owners_are_those_of_the_vectors() {
        assertThat(list(vectors, "views")).isNotEmpty().allSatisfy(vector -> {
            ClusterView view = new ClusterView(
                    1,
                    list(vector, "workers").stream()
                            .map(PlacementVectorsTest::worker)
                            .toList());
            assertThat(list(vector, "cases")).isNotEmpty().allSatisfy(wanted -> {
                List<Worker> owners = placement.owners(
                        versions().get(number(wanted, "version")),
                        number(wanted, "block"),
                        view,
                        number(wanted, "replicas"));
                assertThat(owners.stream().map(owner -> owner.id().value()).toList())
                        .as("%s, %s", text(vector, "name"), wanted)
                        .isEqualTo(value(wanted, "owners").getListValue().getValuesList().stream()
                                .map(Value::getStringValue)
                                .toList());
            });
        });
    }

    private List<FileVersion> versions() {
        return list(vectors, "versions").stream()
                .map(PlacementVectorsTest::version)
                .toList();
    }

    private static FileVersion version(Map<String, Value> vector) {
        VersionTag tag = vector.containsKey("entity_tag")
                ? new EntityTag(text(vector, "entity_tag"))
                : new ModificationTag(
                        Long.parseLong(text(vector, "modified_nanos")),
                        Long.parseUnsignedLong(text(vector, "file_id")));
        long length = (long) value(vector, "length").getNumberValue();
        return new FileVersion(new MountId(text(vector, "mount")), ObjectKey.of(text(vector, "key")), length, tag);
    }

    private static Worker worker(Map<String, Value> vector) {
        return new Worker(
                new WorkerId(text(vector, "id")),
                new Endpoint(text(vector, "host"), 7000),
                new Topology(text(vector, "host"), optional(vector, "zone"), optional(vector, "region")),
                Long.parseLong(text(vector, "capacity")),
                WorkerState.valueOf(text(vector, "state")));
    }

    private static Optional<String> optional(Map<String, Value> vector, String name) {
        return Optional.ofNullable(vector.get(name)).map(Value::getStringValue);
    }

    private static String text(Map<String, Value> vector, String name) {
        return value(vector, name).getStringValue();
    }

    private static int number(Map<String, Value> vector, String name) {
        return (int) value(vector, name).getNumberValue();
    }

    private static List<Map<String, Value>> list(Map<String, Value> vector, String name) {
        return value(vector, name).getListValue().getValuesList().stream()
                .map(item -> item.getStructValue().getFieldsMap())
                .toList();
    }

    private static Value value(Map<String, Value> vector, String name) {
        return requireNonNull(vector.get(name), name);
    }

    private static Map<String, Value> read() {
        try (Reader json = new InputStreamReader(
                requireNonNull(PlacementVectorsTest.class.getResourceAsStream("/placement/vectors.json")),
                StandardCharsets.UTF_8)) {
            Struct.Builder read = Struct.newBuilder();
            JsonFormat.parser().merge(json, read);
            return read.build().getFieldsMap();
        } catch (IOException e) {
            throw new AssertionError("the vectors cannot be read", e);
        }
    }
}
