package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FaultPoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The rows as they are with an edit's changes, and the way of these changes into the tables: all at once, or, when there are
 * many new files, those first and as table files. Not thread-safe.
 */
final class EditedRows {
    private static final int IMPORT_ROWS = 4096;

    private final CatalogTables tables;
    private final FaultPoints faults;
    private final Map<RowPlaceKey, Optional<Row>> pending = new LinkedHashMap<>();
    private final NewFiles newFiles = new NewFiles();
    private final RowsAhead stored;
    private final Map<RowPlaceKey, Row> touched = new LinkedHashMap<>();
    private final Set<Long> newIds = new HashSet<>();
    private final List<Long> goneIds = new ArrayList<>();
    private boolean onlyNew = true;

    EditedRows(CatalogTables tables, FaultPoints faults) {
        this.tables = tables;
        this.faults = faults;
        this.stored = new RowsAhead(tables);
    }

    Optional<Row> row(byte[] place) throws IOException {
        Optional<Row> changed = pending.get(new RowPlaceKey(place));
        if (changed != null) {
            return changed;
        }
        OptionalInt added = newFiles.find(place);
        Optional<byte[]> bytes = added.isPresent() ? Optional.of(newFiles.row(added.getAsInt())) : stored.row(place);
        return bytes.isPresent() ? Optional.of(RowCodec.decode(bytes.get())) : Optional.empty();
    }

    /** Puts a row where there is none, or where one was {@link #forget forgotten}. */
    void put(byte[] place, Row row) {
        pending.put(new RowPlaceKey(place), Optional.of(row));
        newIds.add(row.id());
    }

    /** @return whether it was added: not when this edit has added one at this place */
    boolean putNew(long directoryId, Bytes key, int nameFrom, FileRow row) {
        return newFiles.add(directoryId, key, nameFrom, row);
    }

    /** Puts a row that keeps its id. */
    void update(byte[] place, Row row) {
        onlyNew = false;
        pending.put(new RowPlaceKey(place), Optional.of(row));
    }

    /** As {@link #update}, but is no reason against an import. */
    void touch(byte[] place, Row row) {
        touched.put(new RowPlaceKey(place), row);
    }

    /** Takes the id of the row at this place away; what comes in its stead is put after this. */
    void forget(byte[] place, Row row) {
        onlyNew = false;
        OptionalInt added = newFiles.find(place);
        if (added.isPresent()) {
            newFiles.remove(added.getAsInt());
        } else if (!newIds.remove(row.id())) {
            goneIds.add(row.id());
        }
    }

    void delete(byte[] place) {
        onlyNew = false;
        pending.put(new RowPlaceKey(place), Optional.empty());
    }

    /** Deletes a row of the tables with its id. */
    void collect(byte[] place, long id) {
        delete(place);
        goneIds.add(id);
    }

    boolean isNew(long id) {
        return newIds.contains(id);
    }

    /** Says that the edit is more than new rows. */
    void notOnlyNew() {
        onlyNew = false;
    }

    /** Makes all visible, with what the batch holds already. */
    void write(CatalogTables.Batch batch) throws IOException {
        if (onlyNew && pending.size() >= IMPORT_ROWS) {
            movePendingFiles();
        }
        if (newFiles.size() >= IMPORT_ROWS) {
            ingest(batch);
        } else {
            writeAtOnce(batch);
        }
    }

    private void movePendingFiles() {
        pending.entrySet().removeIf(added -> {
            boolean file = added.getValue().orElseThrow() instanceof FileRow row
                    && newFiles.add(added.getKey().bytes(), row);
            if (file) {
                newIds.remove(added.getValue().orElseThrow().id());
            }
            return file;
        });
    }

    /** Files first: when it is cut behind them, no new directory leads to them, and a sweep collects them. */
    private void ingest(CatalogTables.Batch batch) throws IOException {
        faults.reach("catalog.import.written");
        tables.ingest(newFiles, () -> faults.reach("catalog.import.ids-ingested"));
        faults.reach("catalog.import.ingested");
        fill(batch);
        tables.write(batch);
    }

    private void writeAtOnce(CatalogTables.Batch batch) throws IOException {
        for (int number : newFiles.byId()) {
            byte[] place = newFiles.place(number);
            batch.putRow(place, newFiles.row(number));
            batch.putId(newFiles.id(number), newFiles.placeAndRow(number));
        }
        fill(batch);
        faults.reach("catalog.edit.ready");
        tables.write(batch);
        faults.reach("catalog.edit.written");
    }

    private void fill(CatalogTables.Batch batch) throws IOException {
        for (Map.Entry<RowPlaceKey, Optional<Row>> change : pending.entrySet()) {
            byte[] place = change.getKey().bytes();
            if (change.getValue().isPresent()) {
                put(batch, place, change.getValue().get());
            } else {
                batch.deleteRow(place);
            }
        }
        for (Map.Entry<RowPlaceKey, Row> row : touched.entrySet()) {
            batch.putRow(row.getKey().bytes(), RowCodec.encode(row.getValue()));
        }
        for (long id : goneIds) {
            batch.deleteId(id);
        }
    }

    private void put(CatalogTables.Batch batch, byte[] place, Row row) throws IOException {
        byte[] bytes = RowCodec.encode(row);
        batch.putRow(place, bytes);
        if (newIds.contains(row.id())) {
            batch.putId(row.id(), row instanceof FileRow ? IdRow.encode(place, bytes) : place);
        }
    }
}
