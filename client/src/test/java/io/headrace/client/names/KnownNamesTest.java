package io.headrace.client.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.names.KnownNames.Answer;
import io.headrace.client.names.KnownNames.Asking;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.NamespaceChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class KnownNamesTest {
    private static final long VALID_MILLIS = 5000;
    private static final EntryName NAME = EntryName.of("b");
    private static final Place PLACE = new Place(1, NAME);
    private static final Entry OLD = entry(10, "b");
    private static final Entry NEW = entry(11, "b");

    private final AtomicLong clock = new AtomicLong();
    private final Followed followed = new Followed(clock::get, Duration.ofMinutes(10));
    private final KnownNames known =
            new KnownNames(followed, new NamesSettings(Duration.ofSeconds(1), Duration.ofMinutes(10), 100, 100, 10));

    private static Entry entry(long id, String name) {
        return new DirectoryEntry(id, EntryName.of(name), Instant.EPOCH);
    }

    private void answer(Asking asked, Optional<Entry> entry) {
        known.keep(asked, new Answer(PLACE, entry, asked.belief(VALID_MILLIS)));
    }

    private Answer find() {
        return known.find(PLACE).orElseThrow();
    }

    @Test
    void an_answer_is_valid_for_its_time_and_usable_without_the_master_for_longer() {
        answer(known.asking(1), Optional.of(OLD));
        assertThat(find().entry()).contains(OLD);
        assertThat(followed.isValid(find().belief())).isTrue();
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(VALID_MILLIS));
        assertThat(followed.isValid(find().belief())).isFalse();
        assertThat(followed.isUsable(find().belief())).isTrue();
        clock.addAndGet(TimeUnit.MINUTES.toNanos(10));
        assertThat(followed.isUsable(find().belief())).isFalse();
        followed.heard(Instant.EPOCH);
        assertThat(followed.isUsable(find().belief())).isTrue();
    }

    @Test
    void missed_changes_make_all_invalid_and_leave_it_usable_from_when_it_was_right() {
        answer(known.asking(1), Optional.of(OLD));
        clock.addAndGet(TimeUnit.MINUTES.toNanos(9));
        followed.heard(Instant.EPOCH);
        followed.missed();
        assertThat(followed.isValid(find().belief())).isFalse();
        clock.addAndGet(TimeUnit.MINUTES.toNanos(9));
        followed.heard(Instant.EPOCH);
        assertThat(followed.isUsable(find().belief())).isTrue();
        clock.addAndGet(TimeUnit.MINUTES.toNanos(2));
        followed.heard(Instant.EPOCH);
        assertThat(followed.isUsable(find().belief())).isFalse();
    }

    @Test
    void an_answer_that_a_change_overtook_is_not_kept() {
        Asking asked = known.asking(1);
        known.apply(new NamespaceChange.Replaced(1, NAME, OLD.id(), NEW));
        answer(asked, Optional.of(OLD));
        assertThat(known.find(PLACE)).isEmpty();
        Asking anywhere = known.askingAnywhere();
        known.apply(new NamespaceChange.Added(99, NAME, NEW));
        answer(anywhere, Optional.of(OLD));
        assertThat(known.find(PLACE)).isEmpty();
    }

    @Test
    void what_was_known_before_an_answer_that_a_change_overtook_stays_and_is_asked_for() {
        answer(known.asking(1), Optional.of(OLD));
        Asking asked = known.asking(1);
        known.apply(new NamespaceChange.Replaced(1, NAME, OLD.id(), NEW));
        answer(asked, Optional.of(OLD));
        assertThat(find().entry()).contains(NEW);
        assertThat(followed.isValid(find().belief())).isFalse();
        assertThat(followed.isUsable(find().belief())).isTrue();
        assertThat(known.find(NEW.id())).map(Answer::place).contains(PLACE);
    }

    @Test
    void what_was_known_stays_when_another_name_of_the_directory_changed_meanwhile() {
        answer(known.asking(1), Optional.of(OLD));
        Asking asked = known.asking(1);
        known.apply(new NamespaceChange.Added(1, EntryName.of("another"), entry(9, "another")));
        answer(asked, Optional.of(OLD));
        assertThat(find().entry()).contains(OLD);
        assertThat(followed.isValid(find().belief())).isFalse();
    }

    @Test
    void a_listing_that_was_known_before_one_that_a_change_overtook_stays_and_is_asked_for() {
        known.keep(known.asking(1), 1, new Listing(List.of(OLD), known.asking(1).belief(VALID_MILLIS)));
        Asking asked = known.asking(1);
        known.apply(new NamespaceChange.Removed(1, NAME, OLD.id()));
        known.keep(asked, 1, new Listing(List.of(OLD), asked.belief(VALID_MILLIS)));
        assertThat(known.listing(1)).map(Listing::entries).contains(List.of());
        assertThat(followed.isValid(known.listing(1).orElseThrow().belief())).isFalse();
    }

    @Test
    void a_listing_that_a_change_overtook_is_not_kept() {
        Asking asked = known.asking(1);
        known.apply(new NamespaceChange.Removed(1, NAME, OLD.id()));
        known.keep(asked, 1, new Listing(List.of(OLD), asked.belief(VALID_MILLIS)));
        assertThat(known.listing(1)).isEmpty();
    }

    @Test
    void a_change_is_the_best_that_is_known_and_is_asked_for() {
        answer(known.asking(1), Optional.of(OLD));
        known.apply(new NamespaceChange.Replaced(1, NAME, OLD.id(), NEW));
        assertThat(find().entry()).contains(NEW);
        assertThat(followed.isValid(find().belief())).isFalse();
        assertThat(followed.isUsable(find().belief())).isTrue();
        assertThat(known.find(OLD.id())).isEmpty();
        assertThat(known.find(NEW.id())).map(Answer::place).contains(PLACE);
        known.apply(new NamespaceChange.Removed(1, NAME, NEW.id()));
        assertThat(find().entry()).isEmpty();
        assertThat(known.find(NEW.id())).isEmpty();
    }

    @Test
    void a_change_that_is_known_already_costs_no_question() {
        answer(known.asking(1), Optional.of(NEW));
        known.apply(new NamespaceChange.Replaced(1, NAME, OLD.id(), NEW));
        assertThat(followed.isValid(find().belief())).isTrue();
    }

    @Test
    void a_listing_follows_the_changes_of_its_names() {
        Asking asked = known.asking(1);
        known.keep(asked, 1, new Listing(List.of(entry(31, "a"), OLD, entry(33, "d")), asked.belief(VALID_MILLIS)));
        known.apply(new NamespaceChange.Replaced(1, NAME, OLD.id(), NEW));
        known.apply(new NamespaceChange.Added(1, EntryName.of("c"), entry(34, "c")));
        known.apply(new NamespaceChange.Removed(1, EntryName.of("a"), 31));
        assertThat(known.listing(1).orElseThrow().entries()).containsExactly(NEW, entry(34, "c"), entry(33, "d"));
        assertThat(followed.isValid(known.listing(1).orElseThrow().belief())).isFalse();
        assertThat(known.find(new Place(1, EntryName.of("a"))).orElseThrow().entry())
                .isEmpty();
    }

    @Test
    void a_directory_that_went_takes_its_listing_with_it() {
        Asking asked = known.asking(10);
        known.keep(asked, 10, new Listing(List.of(), asked.belief(VALID_MILLIS)));
        known.apply(new NamespaceChange.Removed(1, NAME, 10));
        assertThat(known.listing(10)).isEmpty();
    }

    @Test
    void what_is_remembered_is_bounded() {
        for (int i = 0; i < 10_000; i++) {
            Asking asked = known.asking(i);
            Entry entry = entry(100_000 + i, "n" + i);
            known.keep(asked, new Answer(new Place(i, entry.name()), Optional.of(entry), asked.belief(1)));
            known.keep(asked, i, new Listing(List.of(entry), asked.belief(1)));
        }
        int kept = 0;
        for (int i = 0; i < 10_000; i++) {
            kept += known.find(new Place(i, EntryName.of("n" + i))).isPresent() ? 1 : 0;
        }
        assertThat(kept).isBetween(1, 150);
    }
}
