package io.headrace.master.catalog;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStoreCapabilities;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One directory, {@code d/}, of as many objects as wanted, which take no memory; their names are numbers from the count on. */
final class NumberedOrigin implements NamesOnly {
    private static final int PAGE = 1000;
    private static final ObjectKey DIRECTORY = ObjectKey.of("d/");

    private final int count;
    private final Runnable beforeEachPage;

    NumberedOrigin(int count, Runnable beforeEachPage) {
        this.count = count;
        this.beforeEachPage = beforeEachPage;
    }

    @Override
    public URI location() {
        return URI.create("s3://numbered");
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return new UnderStoreCapabilities(true, true, false, true, false);
    }

    @Override
    public ListingPage list(ListingRequest request) {
        beforeEachPage.run();
        if (!request.recursive() && request.prefix().bytes().isEmpty()) {
            return new ListingPage(List.of(), List.of(DIRECTORY), Optional.empty());
        }
        int from = request.continuation().map(Integer::parseInt).orElse(0);
        int to = Math.min(count, from + PAGE);
        List<ObjectStatus> objects = new ArrayList<>(PAGE);
        for (int i = from; i < to; i++) {
            objects.add(object(i));
        }
        return new ListingPage(
                objects, List.of(), Optional.of(String.valueOf(to)).filter(next -> to < count));
    }

    private ObjectStatus object(int index) {
        int number = count + index;
        EntityTag tag = new EntityTag("\"" + String.format("%032x", number) + "\"");
        return new ObjectStatus(ObjectKey.of("d/" + number), 1, Instant.ofEpochSecond(1_700_000_000L), tag);
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) {
        return Optional.empty();
    }
}
