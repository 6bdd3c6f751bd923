package io.headrace.cli.daemon;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.DataSetsGrpc.DataSetsBlockingStub;
import io.headrace.protocol.v1.ListMountsRequest;
import io.headrace.protocol.v1.MountRequest;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Which data set of a cluster a mount shows: one that it has, by name or by URI, or one that it gets now.
 *
 * @param options of an origin that is new to the cluster
 * @param staleness of an origin that is new to the cluster; empty for the master's own setting
 */
record DataSetChoice(Channel master, UnderStoreOptions options, Optional<Duration> staleness) {
    private static final long ANSWER_SECONDS = 30;
    private static final int ID_DIGITS = 6;

    /**
     * @throws OriginException.NotFound when there is no data set of this name
     * @throws OriginException.Unavailable when the master does not answer
     */
    DataSet choose(String nameOrUri) throws IOException {
        try {
            List<DataSet> known = calls().listMounts(ListMountsRequest.getDefaultInstance()).getMountsList().stream()
                    .map(MountedDataSet::getDataSet)
                    .toList();
            return nameOrUri.contains("://") ? byUri(URI.create(nameOrUri), known) : byName(nameOrUri, known);
        } catch (StatusRuntimeException e) {
            throw failed(e);
        }
    }

    private static DataSet byName(String name, List<DataSet> known) throws OriginException {
        return known.stream()
                .filter(dataSet -> dataSet.getPath().equals(name))
                .findFirst()
                .orElseThrow(() -> new OriginException.NotFound("the cluster has no data set \"" + name + "\"; it has "
                        + known.stream().map(DataSet::getPath).toList() + ". Name one, or give the URI of an origin"));
    }

    private DataSet byUri(URI uri, List<DataSet> known) {
        Optional<DataSet> there = known.stream()
                .filter(dataSet -> MountId.of(URI.create(dataSet.getUri())).equals(MountId.of(uri)))
                .findFirst();
        if (there.isPresent()) {
            return there.get();
        }
        DataSet.Builder fresh = DataSet.newBuilder().setPath(path(uri, known)).setUri(uri.toString());
        options.values().forEach((option, value) -> fresh.putOptions(option.key(), value));
        staleness.map(Duration::toMillis).ifPresent(fresh::setStalenessMillis);
        return calls().mount(MountRequest.newBuilder().setDataSet(fresh).build())
                .getDataSet();
    }

    /** The last part of the URI; with some of the origin's id when another data set is called so. */
    private static String path(URI uri, List<DataSet> known) {
        List<String> parts = List.of((uri.getAuthority() + "/" + uri.getPath()).split("/+"));
        String name = parts.getLast();
        boolean taken = known.stream().anyMatch(dataSet -> dataSet.getPath().equals(name));
        return taken ? name + "-" + MountId.of(uri).value().substring(0, ID_DIGITS) : name;
    }

    private DataSetsBlockingStub calls() {
        return DataSetsGrpc.newBlockingStub(master).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private OriginException failed(StatusRuntimeException e) {
        return FailureCodec.of(e)
                .flatMap(FailureCodec::originTrouble)
                .or(() -> MasterTrouble.refusal(master.authority(), e))
                .orElseGet(() -> new OriginException.Unavailable(
                        "the master at " + master.authority() + " did not do it (" + MasterTrouble.why(e)
                                + "). Does it run there? See: headrace cluster status",
                        e));
    }
}
