package io.headrace.protocol.cluster;

import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.TierUsage.DataSetFill;
import io.headrace.protocol.v1.Member;
import io.headrace.protocol.v1.MemberState;
import io.headrace.protocol.v1.TierFill;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A worker as a message of {@code membership.proto}, and back. */
public final class WorkerCodec {
    /** As of a name in DNS (RFC 1035, 2.3.4). */
    private static final int LONGEST_NAME = 253;

    private WorkerCodec() {}

    public static Member encode(Worker worker) {
        Topology topology = worker.topology();
        return Member.newBuilder()
                .setId(worker.id().value())
                .setHost(worker.blocks().host())
                .setPort(worker.blocks().port())
                .setNode(topology.host())
                .setZone(topology.zone().orElse(""))
                .setRegion(topology.region().orElse(""))
                .setCapacityBytes(worker.capacityBytes())
                .setState(encode(worker.state()))
                .build();
    }

    /** @throws IOException when the message is no worker; the message says why */
    public static Worker decode(Member member) throws IOException {
        try {
            return new Worker(
                    new WorkerId(member.getId()),
                    new Endpoint(name(member.getHost()), member.getPort()),
                    new Topology(name(member.getNode()), optional(member.getZone()), optional(member.getRegion())),
                    member.getCapacityBytes(),
                    decode(member.getState()));
        } catch (IllegalArgumentException e) {
            throw new IOException("the message is no worker: " + e.getMessage(), e);
        }
    }

    public static List<TierFill> encode(List<TierUsage> tiers) {
        return tiers.stream()
                .map(tier -> TierFill.newBuilder()
                        .setTier(tier.tier())
                        .setCapacityBytes(tier.capacityBytes())
                        .setUsedBytes(tier.usedBytes())
                        .addAllDataSets(tier.dataSets().stream()
                                .map(WorkerCodec::encode)
                                .toList())
                        .build())
                .toList();
    }

    /** @throws IOException when a message is no tier, or there are more than {@link TierUsage#MOST_TIERS} */
    public static List<TierUsage> decode(List<TierFill> tiers) throws IOException {
        if (tiers.size() > TierUsage.MOST_TIERS) {
            throw new IOException(
                    "the message has " + tiers.size() + " tiers, and at most " + TierUsage.MOST_TIERS + " are taken");
        }
        try {
            return tiers.stream().map(WorkerCodec::decode).toList();
        } catch (IllegalArgumentException e) {
            throw new IOException("the message is no tier: " + e.getMessage(), e);
        }
    }

    private static TierUsage decode(TierFill tier) {
        return new TierUsage(
                tier.getTier(),
                tier.getCapacityBytes(),
                tier.getUsedBytes(),
                tier.getDataSetsList().stream().map(WorkerCodec::decode).toList());
    }

    private static io.headrace.protocol.v1.DataSetFill encode(DataSetFill fill) {
        return io.headrace.protocol.v1.DataSetFill.newBuilder()
                .setMountId(fill.mount().value())
                .setBytes(fill.bytes())
                .setObjects(fill.objects())
                .build();
    }

    private static DataSetFill decode(io.headrace.protocol.v1.DataSetFill fill) {
        return new DataSetFill(new MountId(fill.getMountId()), fill.getBytes(), fill.getObjects());
    }

    private static MemberState encode(WorkerState state) {
        return switch (state) {
            case ACTIVE -> MemberState.MEMBER_STATE_ACTIVE;
            case SUSPECT -> MemberState.MEMBER_STATE_SUSPECT;
            case DRAINING -> MemberState.MEMBER_STATE_DRAINING;
        };
    }

    private static WorkerState decode(MemberState state) {
        return switch (state) {
            case MEMBER_STATE_ACTIVE -> WorkerState.ACTIVE;
            case MEMBER_STATE_SUSPECT -> WorkerState.SUSPECT;
            case MEMBER_STATE_DRAINING -> WorkerState.DRAINING;
            case MEMBER_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("its state is not of this version of Headrace");
        };
    }

    private static Optional<String> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(name(text));
    }

    private static String name(String text) {
        if (text.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "a name has " + text.length() + " characters, more than " + LONGEST_NAME);
        }
        return text;
    }
}
