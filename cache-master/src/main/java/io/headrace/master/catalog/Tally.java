package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.master.catalog.Row.FileRow;

/** How an edit changes the totals of one mount. Not thread-safe. */
final class Tally {
    private long files;
    private long directories;
    private long bytes;

    /** @param sign 1 for a row that comes, -1 for one that goes */
    void count(Row row, int sign) {
        switch (row) {
            case FileRow file -> {
                files += sign;
                bytes += sign * file.lengthBytes();
            }
            case DirectoryRow _ -> directories += sign;
        }
    }

    Totals after(Totals before) {
        return new Totals(before.files() + files, before.directories() + directories, before.bytes() + bytes);
    }
}
