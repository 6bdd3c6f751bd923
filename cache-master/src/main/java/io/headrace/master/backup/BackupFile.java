package io.headrace.master.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A backup on disk, as {@link BackupWriter} wrote it. */
public record BackupFile(Path path) implements BackupSource {
    /** In a directory that is being filled; a master does not start on it. */
    public static final String UNFINISHED = "restoring";

    /**
     * Reads all of it and compares the checksums.
     *
     * @throws DamagedBackupException when it is cut, changed, or no backup
     */
    public void verify() throws IOException {
        new Restoration(this).verify();
    }

    /** As {@link Restoration#into}. */
    public void restore(Path directory, Clock clock) throws IOException {
        new Restoration(this).into(directory, clock);
    }

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(path);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
