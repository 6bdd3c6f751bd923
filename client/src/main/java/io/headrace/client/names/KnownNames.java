package io.headrace.client.names;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.headrace.protocol.Entry;
import io.headrace.protocol.NamespaceChange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What the master answered: names one by one, present and absent, and directories as a whole. Bounded; thread-safe.
 *
 * <p>A change that is heard makes what is known of its name outdated: it is asked for again, and until then the change itself
 * is the best that is known. An answer that was asked for before a change in its directory and comes behind it may be either
 * older or newer, and is not kept: {@link #asking} and {@link #keep} count the directory's changes. What was known before it
 * stays then, outdated, so that a name that was known once is known while the master is away.
 */
final class KnownNames {
    private static final int STRIPES = 4096;
    private static final int ALL = STRIPES;

    private final Followed followed;
    private final Cache<Place, Answer> answers;
    private final Cache<Long, Place> places;
    private final Cache<Long, Listing> listings;
    private final AtomicLongArray changes = new AtomicLongArray(STRIPES + 1);

    KnownNames(Followed followed, NamesSettings settings) {
        this.followed = followed;
        this.answers = bounded(settings.remembered());
        this.places = bounded(settings.remembered());
        this.listings = Caffeine.newBuilder()
                .maximumWeight(settings.rememberedListings())
                .weigher((Long id, Listing listing) -> listing.entries().size() + 1)
                .executor(Runnable::run)
                .build();
    }

    private static <K, V> Cache<K, V> bounded(int most) {
        return Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
    }

    /** @param entry empty when there is no such name */
    record Answer(Place place, Optional<Entry> entry, Belief belief) {
        Answer outdated() {
            return new Answer(place, entry, belief.outdated());
        }
    }

    /** What a question must remember until its answer is kept: how many changes its stripe had seen, among others. */
    record Asking(long generation, long nanos, int stripe, long changes) {
        Belief belief(long validMillis) {
            return new Belief(
                    generation,
                    nanos,
                    Duration.ofMillis(Math.max(0, validMillis)).toNanos());
        }
    }

    Asking asking(long directoryId) {
        return askingIn(stripe(directoryId));
    }

    /** For an id whose directory is not known: any change may be one of its own. */
    Asking askingAnywhere() {
        return askingIn(ALL);
    }

    private Asking askingIn(int stripe) {
        return new Asking(followed.generation(), followed.nanos(), stripe, changes.get(stripe));
    }

    /** The newest that is known of the name, by itself or from its directory. */
    Optional<Answer> find(Place place) {
        Optional<Answer> alone = Optional.ofNullable(answers.getIfPresent(place));
        Optional<Answer> listed = Optional.ofNullable(listings.getIfPresent(place.directoryId()))
                .map(listing -> new Answer(place, listing.find(place.name()), listing.belief()));
        if (alone.isPresent() && listed.isPresent()) {
            boolean older =
                    alone.get().belief().askedNanos() - listed.get().belief().askedNanos() < 0;
            return older ? listed : alone;
        }
        return alone.or(() -> listed);
    }

    /** The newest that is known of the name that had this id; empty when another id has it now. */
    Optional<Answer> find(long id) {
        return Optional.ofNullable(places.getIfPresent(id))
                .flatMap(this::find)
                .filter(answer ->
                        answer.entry().isPresent() && answer.entry().get().id() == id);
    }

    Optional<Listing> listing(long directoryId) {
        return Optional.ofNullable(listings.getIfPresent(directoryId));
    }

    void keep(Asking asked, Answer answer) {
        Optional<Answer> before = Optional.ofNullable(answers.asMap().put(answer.place(), answer));
        answer.entry().ifPresent(found -> places.put(found.id(), answer.place()));
        if (isOvertaken(asked)) {
            before.ifPresentOrElse(
                    known -> answers.asMap().replace(answer.place(), answer, known.outdated()),
                    () -> answers.asMap().remove(answer.place(), answer));
        }
    }

    void keep(Asking asked, long directoryId, Listing listing) {
        Optional<Listing> before = Optional.ofNullable(listings.asMap().put(directoryId, listing));
        listing.entries().forEach(entry -> places.put(entry.id(), new Place(directoryId, entry.name())));
        if (isOvertaken(asked)) {
            before.ifPresentOrElse(
                    known -> listings.asMap().replace(directoryId, listing, known.outdated()),
                    () -> listings.asMap().remove(directoryId, listing));
        }
    }

    private boolean isOvertaken(Asking asked) {
        return changes.get(asked.stripe()) != asked.changes();
    }

    void apply(NamespaceChange.OfName change) {
        Place place = new Place(change.directoryId(), change.name());
        changes.incrementAndGet(stripe(place.directoryId()));
        changes.incrementAndGet(ALL);
        switch (change) {
            case NamespaceChange.Added added -> outdate(place, added.entry());
            case NamespaceChange.Replaced replaced -> {
                forget(replaced.previousId());
                outdate(place, replaced.entry());
            }
            case NamespaceChange.Removed removed -> {
                forget(removed.previousId());
                outdate(place, null);
            }
        }
    }

    private void forget(long id) {
        places.invalidate(id);
        listings.invalidate(id);
    }

    private void outdate(Place place, @Nullable Entry now) {
        answers.asMap().computeIfPresent(place, (same, answer) -> {
            boolean known = now != null && answer.entry().filter(now::equals).isPresent();
            return known
                    ? answer
                    : new Answer(
                            place, Optional.ofNullable(now), answer.belief().outdated());
        });
        listings.asMap().computeIfPresent(place.directoryId(), (same, listing) -> listing.changed(place.name(), now));
        if (now != null) {
            places.put(now.id(), place);
        }
    }

    private static int stripe(long directoryId) {
        return (int) ((directoryId * 0x9E3779B97F4A7C15L) >>> 52);
    }
}
