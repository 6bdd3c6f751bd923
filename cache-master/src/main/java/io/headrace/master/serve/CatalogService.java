package io.headrace.master.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.master.catalog.Catalog;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.CatalogTotals;
import io.headrace.protocol.v1.ChangeBatch;
import io.headrace.protocol.v1.DirectoryPage;
import io.headrace.protocol.v1.GetEntryReply;
import io.headrace.protocol.v1.GetEntryRequest;
import io.headrace.protocol.v1.GetParentReply;
import io.headrace.protocol.v1.GetParentRequest;
import io.headrace.protocol.v1.GetTotalsRequest;
import io.headrace.protocol.v1.ListDirectoryRequest;
import io.headrace.protocol.v1.LookupReply;
import io.headrace.protocol.v1.LookupRequest;
import io.headrace.protocol.v1.WatchChangesRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Answers the names of catalog.proto from a namespace, which outlives it. Calls block their threads: the server gives each
 * call one of its own. What clients can make it keep is bounded by {@link ServeSettings}.
 */
public final class CatalogService extends CatalogGrpc.CatalogImplBase implements AutoCloseable {
    private final NameView view;
    private final Answers answers;
    private final ChangeLog log;
    private final Watchers watchers;
    private final DirectoryCalls directories;
    private final Namespace.Subscription subscription;

    CatalogService(NameView view, ServeSettings settings, RandomGenerator histories) {
        this.view = view;
        this.answers = new Answers(settings.calls());
        this.log =
                new ChangeLog(histories.nextLong(1, Long.MAX_VALUE), settings.historyChanges(), settings.historySize());
        this.watchers = new Watchers(log, view.names()::rootModified, settings);
        this.directories = new DirectoryCalls(view.validity(), settings);
        this.subscription = view.names().subscribe(this::changed);
    }

    public static CatalogService of(Catalog catalog, ServeSettings settings) {
        NameView view = new NameView(catalog, catalog::originOf, new MountValidity(catalog::mounts));
        return new CatalogService(view, settings, new SecureRandom());
    }

    private void changed(NamespaceChange change) {
        log.add(change);
        watchers.wake();
    }

    /** Tells all clients to ask again for what they know: origins came or went. */
    void startOver() {
        log.startOver();
        watchers.wake();
    }

    int watching() {
        return watchers.size();
    }

    int openDirectories() {
        return directories.size();
    }

    private Namespace names() {
        return GrantedNames.ofCaller(view);
    }

    @Override
    public void lookup(LookupRequest request, StreamObserver<LookupReply> reply) {
        answers.give(reply, () -> {
            Optional<Entry> entry = names().lookup(request.getDirectoryId(), name(request));
            LookupReply.Builder answer = LookupReply.newBuilder()
                    .setValidMillis(view.validity().of(entry).toMillis());
            entry.map(NamesCodec::toMessage).ifPresent(answer::setEntry);
            return answer.build();
        });
    }

    private static EntryName name(LookupRequest request) {
        try {
            return NamesCodec.name(request.getName());
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void getEntry(GetEntryRequest request, StreamObserver<GetEntryReply> reply) {
        answers.give(reply, () -> {
            Optional<Entry> entry = names().entry(request.getId());
            Optional<Long> parent = entry.isPresent() ? names().parentOf(request.getId()) : Optional.empty();
            GetEntryReply.Builder answer = GetEntryReply.newBuilder();
            if (parent.isPresent()) {
                answer.setEntry(NamesCodec.toMessage(entry.orElseThrow())).setParentId(parent.get());
            }
            return answer.setValidMillis(view.validity().of(entry).toMillis()).build();
        });
    }

    @Override
    public void getParent(GetParentRequest request, StreamObserver<GetParentReply> reply) {
        answers.give(reply, () -> {
            GetParentReply.Builder answer = GetParentReply.newBuilder();
            names().parentOf(request.getId()).ifPresent(answer::setParentId);
            return answer.build();
        });
    }

    @Override
    public StreamObserver<ListDirectoryRequest> listDirectory(StreamObserver<DirectoryPage> reply) {
        return directories.open(names(), (ServerCallStreamObserver<DirectoryPage>) reply);
    }

    @Override
    public void watchChanges(WatchChangesRequest request, StreamObserver<ChangeBatch> reply) {
        watchers.watch(request, Sight.of(names()), (ServerCallStreamObserver<ChangeBatch>) reply);
    }

    @Override
    public void getTotals(GetTotalsRequest request, StreamObserver<CatalogTotals> reply) {
        answers.give(reply, () -> toMessage(names().totals()));
    }

    static CatalogTotals toMessage(NamespaceTotals totals) {
        return CatalogTotals.newBuilder()
                .setFiles(totals.files())
                .setDirectories(totals.directories())
                .setBytes(totals.bytes())
                .build();
    }

    /** Ends the calls that last; their clients look for the next master. */
    @Override
    public void close() {
        subscription.close();
        watchers.close();
        directories.close();
    }
}
