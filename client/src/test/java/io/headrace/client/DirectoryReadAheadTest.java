package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DirectoryReadAheadTest {
    private final SiblingReadAhead siblings = ReadAheads.forDirectories(ReadAheadSettings.defaults());

    @Test
    void the_second_miss_plans_the_directory_once() {
        assertThat(siblings.observeMiss(1, 10)).isEmpty();
        assertThat(siblings.observeMiss(1, 11)).containsExactly(1L);
        assertThat(siblings.observeMiss(1, 12)).isEmpty();
    }

    @Test
    void the_same_file_missed_again_is_no_second_miss() {
        assertThat(siblings.observeMiss(1, 10)).isEmpty();
        assertThat(siblings.observeMiss(1, 10)).isEmpty();
    }

    @Test
    void switched_off_it_plans_nothing() {
        SiblingReadAhead off =
                ReadAheads.forDirectories(ReadAheadSettings.defaults().disabled());
        for (int file = 0; file < 100; file++) {
            assertThat(off.observeMiss(1, file)).isEmpty();
        }
    }

    @Property(tries = 100)
    void files_at_random_in_many_directories_soon_miss_no_more(@ForAll long seed) {
        List<Integer> files = new ArrayList<>();
        for (int file = 0; file < 10_000; file++) {
            files.add(file);
        }
        Collections.shuffle(files, new Random(seed));
        int misses = misses(siblings(), files.subList(0, 2000), 100);
        assertThat(misses).isLessThan(170);
    }

    @Property(tries = 50)
    void one_file_from_each_of_very_many_directories_plans_almost_none(@ForAll long seed) {
        Random random = new Random(seed);
        SiblingReadAhead fresh = siblings();
        int planned = 0;
        for (int i = 0; i < 20_000; i++) {
            planned += fresh.observeMiss(random.nextInt(10_000_000), i).size();
        }
        assertThat(planned).isLessThan(40);
    }

    @Property(tries = 20)
    void no_directory_is_planned_twice(@ForAll long seed) {
        Random random = new Random(seed);
        SiblingReadAhead fresh = siblings();
        Set<Long> planned = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            for (long directory : fresh.observeMiss(random.nextInt(5000), i)) {
                assertThat(planned.add(directory)).isTrue();
            }
        }
    }

    private static SiblingReadAhead siblings() {
        return ReadAheads.forDirectories(ReadAheadSettings.defaults());
    }

    /** Misses of a reader to whom a planned directory's files are there at the next open. */
    private static int misses(SiblingReadAhead siblings, List<Integer> files, int directories) {
        Set<Long> fetched = new HashSet<>();
        int misses = 0;
        for (int file : files) {
            long directory = file % directories;
            if (!fetched.contains(directory)) {
                misses++;
                fetched.addAll(siblings.observeMiss(directory, file));
            }
        }
        return misses;
    }
}
