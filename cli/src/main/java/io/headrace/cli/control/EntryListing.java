package io.headrace.cli.control;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.v1.ListRequest;
import io.headrace.protocol.v1.ListedEntry;
import io.headrace.store.BlockStore;
import io.headrace.store.Residency;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Entries with what is cached of them. */
record EntryListing(Namespace namespace, BlockStore store) {
    void send(ListRequest request, Consumer<ListedEntry> receiver) throws IOException {
        Optional<Entry> found = namespace.find(Bytes.utf8(request.getPath()));
        if (found.isPresent() && (found.get() instanceof FileEntry || request.getEntryOnly())) {
            receiver.accept(describe(request.getPath(), found.get()));
            return;
        }
        if (request.getEntryOnly()) {
            receiver.accept(ListedEntry.newBuilder()
                    .setPath("")
                    .setDirectory(true)
                    .setModifiedUnixMillis(namespace.rootModified().toEpochMilli())
                    .build());
            return;
        }
        String prefix = request.getPath().isEmpty() ? "" : request.getPath() + "/";
        long directory = found.map(Entry::id).orElse(Namespace.ROOT_ID);
        try (DirectoryCursor cursor = namespace.openDirectory(directory)) {
            for (Optional<Entry> entry = cursor.next(); entry.isPresent(); entry = cursor.next()) {
                receiver.accept(describe(prefix + entry.get().name(), entry.get()));
            }
        }
    }

    private ListedEntry describe(String path, Entry entry) {
        ListedEntry.Builder listed = ListedEntry.newBuilder()
                .setPath(path)
                .setModifiedUnixMillis(entry.modified().toEpochMilli());
        return switch (entry) {
            case DirectoryEntry directory -> listed.setDirectory(true).build();
            case FileEntry file -> {
                listed.setLengthBytes(file.version().lengthBytes())
                        .setVersion(file.version().tag().toString());
                store.residency(file.version()).ifPresent(residency -> addResidency(listed, residency));
                yield listed.build();
            }
        };
    }

    private static void addResidency(ListedEntry.Builder listed, Residency residency) {
        listed.setCachedBytes(residency.uniqueBytes())
                .setPinned(residency.pinned())
                .setTiers(residency.bytes().entrySet().stream()
                        .filter(tier -> tier.getValue() > 0)
                        .map(tier -> tier.getKey().name().toLowerCase(java.util.Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(",")));
    }
}
