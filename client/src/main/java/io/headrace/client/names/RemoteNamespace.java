package io.headrace.client.names;

import io.grpc.ManagedChannel;
import io.headrace.client.names.KnownNames.Answer;
import io.headrace.client.names.KnownNames.Asking;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.CatalogTotals;
import io.headrace.protocol.v1.GetEntryReply;
import io.headrace.protocol.v1.GetEntryRequest;
import io.headrace.protocol.v1.GetTotalsRequest;
import io.headrace.protocol.v1.LookupReply;
import io.headrace.protocol.v1.LookupRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that a master serves.
 *
 * <p><b>Freshness.</b> The master says with each answer for how long it may be believed (a tenth of the mount's staleness
 * bound, at most 5 s), which adds to the bound; a change that the master learns of is heard at once.
 *
 * <p><b>Without the master.</b> What this client knows is answered until {@link NamesSettings#withoutMaster} after the master
 * was last heard. What it does not know waits for the master until {@link NamesSettings#deadline}, and fails then with {@link
 * MasterException.Unavailable}; it is never "not found". Directories of up to {@link NamesSettings#page} names are
 * known as a whole; in a larger one, a reader goes on when the master is back and has the directory as it was.
 *
 * <p><b>Missed changes.</b> When the master cannot tell what changed, all that is known is asked for again, and listeners hear
 * {@link NamespaceChange.Missed}; so it is at the first connection, too. Until the master was heard, the root's time is the epoch.
 */
public final class RemoteNamespace implements Namespace, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteNamespace.class);
    private static final Duration TOTALS_WITHIN = Duration.ofSeconds(2);

    private final NamesSettings settings;
    private final Followed followed;
    private final Master master;
    private final KnownNames known;
    private final ChangeFollower follower;
    private final List<Consumer<NamespaceChange>> listeners = new CopyOnWriteArrayList<>();
    private volatile NamespaceTotals totals = new NamespaceTotals(0, 0, 0);

    private RemoteNamespace(
            ManagedChannel channel, NamesSettings settings, LongSupplier nanos, RandomGenerator random) {
        this.settings = settings;
        this.followed = new Followed(nanos, settings.withoutMaster());
        this.master = new Master(channel, followed, random);
        this.known = new KnownNames(followed, settings);
        this.follower = new ChangeFollower(master, followed, random, this::changed);
    }

    /** @param channel to the master, which need not run yet; stays its maker's to close */
    public static RemoteNamespace over(ManagedChannel channel, NamesSettings settings) {
        return over(channel, settings, System::nanoTime, new SecureRandom());
    }

    /**
     * @param nanos the clock that says how old an answer is
     * @param random for the pauses between attempts
     */
    public static RemoteNamespace over(
            ManagedChannel channel, NamesSettings settings, LongSupplier nanos, RandomGenerator random) {
        RemoteNamespace names = new RemoteNamespace(channel, settings, nanos, random);
        names.follower.start();
        return names;
    }

    @Override
    public Optional<Entry> lookup(long directoryId, EntryName name) throws IOException {
        Place place = new Place(directoryId, name);
        Optional<Answer> old = known.find(place);
        if (old.isPresent() && isEnough(old.get().belief())) {
            return old.get().entry();
        }
        boolean usable = old.isPresent() && followed.isUsable(old.get().belief());
        Asking asking = known.asking(directoryId);
        try {
            LookupReply reply = master.ask(
                    stub -> stub.lookup(LookupRequest.newBuilder()
                            .setDirectoryId(directoryId)
                            .setName(NamesCodec.toMessage(name))
                            .build()),
                    master.attempts("for \"" + name + "\" in directory " + directoryId, settings.deadline()),
                    usable);
            Optional<Entry> entry = reply.hasEntry() ? Optional.of(master.read(reply.getEntry())) : Optional.empty();
            known.keep(asking, new Answer(place, entry, asking.belief(reply.getValidMillis())));
            return entry;
        } catch (MasterException.Unavailable | OriginException.Unavailable e) {
            return oldOr(e, usable, old).entry();
        }
    }

    private static <T> T oldOr(IOException failure, boolean usable, Optional<T> old) throws IOException {
        if (usable && old.isPresent()) {
            return old.get();
        }
        throw failure;
    }

    /** Whether the master need not be asked, or cannot be. */
    private boolean isEnough(Belief belief) {
        return followed.isValid(belief) || (!followed.isReachable() && followed.isUsable(belief));
    }

    @Override
    public Optional<Entry> entry(long id) throws IOException {
        return located(id).flatMap(Answer::entry);
    }

    @Override
    public Optional<Long> parentOf(long id) throws IOException {
        return id == ROOT_ID
                ? Optional.of(ROOT_ID)
                : located(id).map(answer -> answer.place().directoryId());
    }

    private Optional<Answer> located(long id) throws IOException {
        Optional<Answer> old = known.find(id);
        if (old.isPresent() && isEnough(old.get().belief())) {
            return old;
        }
        boolean usable = old.isPresent() && followed.isUsable(old.get().belief());
        Asking asking = known.askingAnywhere();
        try {
            GetEntryReply reply = master.ask(
                    stub -> stub.getEntry(GetEntryRequest.newBuilder().setId(id).build()),
                    master.attempts("for the entry with id " + id, settings.deadline()),
                    usable);
            if (!reply.hasEntry()) {
                return Optional.empty();
            }
            Entry entry = master.read(reply.getEntry());
            Answer answer = new Answer(
                    new Place(reply.getParentId(), entry.name()),
                    Optional.of(entry),
                    asking.belief(reply.getValidMillis()));
            known.keep(asking, answer);
            return Optional.of(answer);
        } catch (MasterException.Unavailable | OriginException.Unavailable e) {
            return Optional.of(oldOr(e, usable, old));
        }
    }

    @Override
    public Instant rootModified() {
        return followed.rootModified();
    }

    @Override
    public DirectoryCursor openDirectory(long directoryId) throws IOException {
        Optional<Listing> old = known.listing(directoryId);
        if (old.isPresent() && isEnough(old.get().belief())) {
            return old.get().cursor();
        }
        boolean usable = old.isPresent() && followed.isUsable(old.get().belief());
        Asking asking = known.asking(directoryId);
        RemoteDirectory directory = new RemoteDirectory(master, directoryId, settings);
        try {
            RemoteDirectory.Page first = directory.page(0, usable);
            if (!first.end()) {
                return new RemoteCursor(directory, first);
            }
            directory.close();
            Listing listing = new Listing(first.entries(), asking.belief(first.validMillis()));
            known.keep(asking, directoryId, listing);
            return listing.cursor();
        } catch (MasterException.Unavailable | OriginException.Unavailable e) {
            directory.close();
            return oldOr(e, usable, old).cursor();
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        // Wrapped, so that each subscription of one listener ends by itself.
        Consumer<NamespaceChange> own = change -> listener.accept(change);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    /** Called by the follower's thread; one listener's mistake must not keep the others from hearing. */
    private void changed(NamespaceChange change) {
        if (change instanceof NamespaceChange.OfName named) {
            known.apply(named);
        }
        for (Consumer<NamespaceChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener failed on the change {}", change, e);
            }
        }
    }

    /** The newest that the master told, when it does not answer within 2 s. */
    @Override
    public NamespaceTotals totals() {
        if (followed.isReachable()) {
            try {
                CatalogTotals told = master.ask(
                        stub -> stub.getTotals(GetTotalsRequest.getDefaultInstance()),
                        master.attempts("for its totals", TOTALS_WITHIN),
                        true);
                totals = new NamespaceTotals(told.getFiles(), told.getDirectories(), told.getBytes());
            } catch (IOException e) {
                LOG.debug("the totals are those of before: {}", e.getMessage());
            }
        }
        return totals;
    }

    /** Ends questions that are under way; open cursors fail from now on. */
    @Override
    public void close() {
        follower.close();
        master.close();
    }
}
