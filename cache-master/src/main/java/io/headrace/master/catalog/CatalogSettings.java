package io.headrace.master.catalog;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;

/** How the catalog of a node is kept. */
public record CatalogSettings(
        @Setting(
                value =
                        "Most memory for names read from the catalog's files: about 130 bytes a name. More helps random lookups in many millions.",
                defaultValue = "64MiB")
        ByteSize blockCache,

        @Setting(
                value = "Unreachable keys remembered by name, for each mount; more are counted.",
                defaultValue = "1000")
        int unreachableNames) {
    public CatalogSettings {
        if (unreachableNames < 0) {
            throw new IllegalArgumentException("catalog.unreachable-names cannot be negative: " + unreachableNames);
        }
    }

    public static CatalogSettings defaults() {
        return new CatalogSettings(ByteSize.ofMebibytes(64), 1000);
    }
}
