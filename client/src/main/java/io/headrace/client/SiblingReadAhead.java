package io.headrace.client;

import java.util.List;

/**
 * Decides which small files of a directory to fetch ahead when a reader works through it. Pure decision; thread-safe.
 */
public interface SiblingReadAhead {
    /**
     * A small file was opened that was not cached.
     *
     * @param directoryId the directory that holds it
     * @param fileId the file
     * @return directories whose small files are to be fetched whole now; without those returned before
     */
    List<Long> observeMiss(long directoryId, long fileId);
}
