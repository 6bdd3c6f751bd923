package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Against a map. */
final class NewFilesTest {
    private static final int ROWS = 10_000;

    @Property(tries = 20)
    void rows_come_back_by_place_and_by_id(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NewFiles files = new NewFiles();
        Map<Bytes, FileRow> expected = new TreeMap<>();
        for (int i = 0; i < ROWS; i++) {
            long directory = random.nextInt(50);
            Bytes name = Bytes.utf8(String.valueOf(random.nextInt(500)));
            Bytes place = Bytes.copyOf(RowPlace.encode(directory, name));
            FileRow row = row(random.nextInt(1_000_000) * 1_000_000L + i);
            boolean added = random.nextBoolean()
                    ? files.add(directory, Bytes.utf8("k/").concat(name), 2, row)
                    : files.add(place.toByteArray(), row);
            assertThat(added).isEqualTo(expected.putIfAbsent(place, row) == null);
            if (random.nextInt(10) == 0) {
                files.remove(files.find(place.toByteArray()).orElseThrow());
                expected.remove(place);
            }
        }
        assertThat(files.size()).isEqualTo(expected.size());
        assertThat(placesOf(files)).containsExactlyElementsOf(expected.keySet());
        assertThat(Arrays.stream(files.byId()).mapToObj(files::id))
                .containsExactlyElementsOf(
                        expected.values().stream().map(FileRow::id).sorted().toList());
        for (Map.Entry<Bytes, FileRow> entry : expected.entrySet()) {
            int number = files.find(entry.getKey().toByteArray()).orElseThrow();
            assertThat(RowCodec.decode(files.row(number))).isEqualTo(entry.getValue());
            RowPlace place = RowPlace.decode(entry.getKey().toByteArray());
            assertThat(IdRow.decode(files.placeAndRow(number)))
                    .isEqualTo(new IdRow(place, Optional.of(entry.getValue())));
        }
    }

    private static List<Bytes> placesOf(NewFiles files) {
        List<Bytes> places = new ArrayList<>();
        for (int number : files.byPlace()) {
            places.add(Bytes.copyOf(files.place(number)));
        }
        return places;
    }

    private static FileRow row(long id) {
        return new FileRow(
                id, 1, id % 1000, Instant.ofEpochSecond(id % 4_000_000_000L), new EntityTag("\"" + id + "\""));
    }
}
