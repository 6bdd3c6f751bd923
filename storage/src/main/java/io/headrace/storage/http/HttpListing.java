package io.headrace.storage.http;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingPage.LeftOut;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.PercentEncoding;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists a location: one file; or the paths of its {@code index.txt}; or the pages that the server makes for folders. A page
 * of the listing has one folder, or some of the index; its continuation names what is left, so nothing is kept between.
 */
final class HttpListing {
    private static final int PAGE_ENTRIES = 256;
    private static final String FOLDERS = "folders:";
    private static final String BEHIND = "behind:";

    private final HttpStore store;
    private final HttpLocation location;

    HttpListing(HttpStore store, HttpLocation location) {
        this.store = store;
        this.location = location;
    }

    ListingPage list(ListingRequest request) throws IOException {
        if (store.isFile()) {
            List<Bytes> single = Stream.of(location.fileName().bytes())
                    .filter(name -> name.startsWith(request.prefix().bytes()))
                    .toList();
            return page(single, List.of(), Optional.empty());
        }
        String token = request.continuation().orElse("");
        if (!token.startsWith(FOLDERS)) {
            Optional<String> index = store.text(location.object(ObjectKey.of("index.txt")), "listing");
            if (index.isPresent()) {
                return indexed(request, index.get(), token);
            }
        }
        return crawled(request, token);
    }

    private ListingPage indexed(ListingRequest request, String index, String token) throws IOException {
        Bytes prefix = request.prefix().bytes();
        Bytes behind =
                token.startsWith(BEHIND) ? PercentEncoding.decode(token.substring(BEHIND.length())) : Bytes.EMPTY;
        TreeSet<Bytes> keys = index.lines()
                .filter(line -> !line.isBlank())
                .map(line -> Bytes.utf8(line.startsWith("./") ? line.substring(2) : line))
                .filter(key -> key.startsWith(prefix))
                .map(key -> request.recursive() ? key : rolledUp(key, prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        List<Bytes> shown = keys.tailSet(behind, behind.isEmpty()).stream()
                .limit(PAGE_ENTRIES)
                .toList();
        boolean more = !shown.isEmpty() && !shown.getLast().equals(keys.last());
        return page(
                shown.stream().filter(key -> !key.endsWith((byte) '/')).toList(),
                shown.stream().filter(key -> key.endsWith((byte) '/')).toList(),
                more ? Optional.of(BEHIND + PercentEncoding.encode(shown.getLast())) : Optional.empty());
    }

    private static Bytes rolledUp(Bytes key, int from) {
        int slash = key.indexOf((byte) '/', from);
        return slash < 0 ? key : key.slice(0, slash + 1);
    }

    private ListingPage crawled(ListingRequest request, String token) throws IOException {
        Bytes prefix = request.prefix().bytes();
        List<String> pending = new ArrayList<>(
                token.isEmpty()
                        ? List.of(PercentEncoding.encode(prefix.slice(0, prefix.lastIndexOf((byte) '/') + 1)))
                        : Arrays.asList(token.substring(FOLDERS.length()).split(" ", -1)));
        Bytes folder = PercentEncoding.decode(pending.removeFirst());
        URI address = location.folder(new ObjectKey(folder));
        Optional<AutoIndex> found = store.text(address, "listing").map(html -> AutoIndex.parse(address, html));
        if (found.isEmpty() && folder.isEmpty()) {
            throw new OriginException.Refused(
                    Refusal.NO_SUCH_LOCATION,
                    "listing " + location.base()
                            + ": there is neither a folder page nor an index.txt. Check the address, turn on"
                            + " the server's folder pages, or put an index.txt there, with one path a line");
        }
        AutoIndex index = found.orElse(new AutoIndex(Set.of(), Set.of()));
        List<Bytes> files = below(folder, index.files(), prefix);
        List<Bytes> folders = below(folder, index.folders(), prefix);
        if (request.recursive()) {
            pending.addAll(0, folders.stream().map(PercentEncoding::encode).toList());
        }
        Optional<String> next = pending.isEmpty() ? Optional.empty() : Optional.of(FOLDERS + String.join(" ", pending));
        return page(files, request.recursive() ? List.of() : folders, next);
    }

    private static List<Bytes> below(Bytes folder, Set<Bytes> names, Bytes prefix) {
        return names.stream()
                .map(folder::concat)
                .filter(key -> key.startsWith(prefix))
                .toList();
    }

    private ListingPage page(List<Bytes> files, List<Bytes> folders, Optional<String> next) throws IOException {
        List<ObjectStatus> objects = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        List<ObjectKey> keys = files.stream().map(ObjectKey::new).toList();
        List<Optional<ObjectStatus>> statuses = store.headAll(keys);
        for (int i = 0; i < keys.size(); i++) {
            ObjectKey key = keys.get(i);
            statuses.get(i).ifPresentOrElse(objects::add, () -> leftOut.add(new LeftOut(key, "listed, but not there")));
        }
        return new ListingPage(objects, folders.stream().map(ObjectKey::new).toList(), leftOut, next);
    }
}
