package io.headrace.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans a directory whole when enough of its files were missed, and, when misses keep coming back to directories that
 * were touched before, at the first miss.
 *
 * <p>The second rule is for readers in random order over many directories: they pay the first rule's misses in every
 * one. Evidence is the share of the last misses (a moving average over about {@value #AVERAGED_MISSES}) that fell into a
 * directory with a miss before; above {@value #EAGER_SHARE} of them, the next {@value #EAGER_DIRECTORIES} directories are
 * planned at their first miss, and then the evidence must come again. So a reader that takes one file from each of very
 * many directories makes no directory planned.
 *
 * <p>What it remembers is bounded: the {@value #MOST_DIRECTORIES} directories that were least lately forgotten.
 */
final class DirectoryReadAhead implements SiblingReadAhead {
    static final int EAGER_DIRECTORIES = 256;

    private static final int MOST_DIRECTORIES = 16_384;
    private static final int AVERAGED_MISSES = 16;
    private static final double EAGER_SHARE = 0.25;

    private final int missesNeeded;

    @GuardedBy("this")
    private final Map<Long, Directory> directories = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Directory> eldest) {
            return size() > MOST_DIRECTORIES;
        }
    };

    @GuardedBy("this")
    private double returningShare;

    @GuardedBy("this")
    private int eagerLeft;

    DirectoryReadAhead(int missesNeeded) {
        this.missesNeeded = missesNeeded;
    }

    @Override
    public synchronized List<Long> observeMiss(long directoryId, long fileId) {
        Directory directory = directories.computeIfAbsent(directoryId, absent -> new Directory());
        if (directory.planned || directory.lastMissed == fileId) {
            return List.of();
        }
        directory.lastMissed = fileId;
        directory.misses++;
        learn(directory.misses > 1);
        List<Long> planned = new ArrayList<>();
        if (directory.misses >= missesNeeded) {
            directory.planned = true;
            planned.add(directoryId);
        } else if (eagerLeft > 0) {
            eagerLeft--;
            directory.planned = true;
            planned.add(directoryId);
        }
        return planned;
    }

    @GuardedBy("this")
    private void learn(boolean returned) {
        returningShare += ((returned ? 1 : 0) - returningShare) / AVERAGED_MISSES;
        if (returningShare >= EAGER_SHARE) {
            returningShare = 0;
            eagerLeft = EAGER_DIRECTORIES;
        }
    }

    private static final class Directory {
        private long lastMissed = -1;
        private int misses;
        private boolean planned;
    }
}
