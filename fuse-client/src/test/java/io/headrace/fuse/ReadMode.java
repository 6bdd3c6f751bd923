package io.headrace.fuse;

import io.headrace.fuse.TemporaryStore.StoredFile;

/** The ways in which a complete file can be read through a mount. Passing through needs root and Linux 6.9. */
enum ReadMode {
    SERVED,
    SERVED_DIRECTLY,
    PASSED_THROUGH;

    FuseSettings settings() {
        return switch (this) {
            case SERVED -> Settings.served();
            case SERVED_DIRECTLY -> Settings.direct();
            case PASSED_THROUGH -> Settings.passthrough();
        };
    }

    /** Sees to it that a complete file is read in this way. */
    void arrange(StoredFile file) {
        if (this != PASSED_THROUGH) {
            file.pack();
        }
    }
}
