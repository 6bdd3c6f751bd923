package io.headrace.store.flight;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag;

/** A plan for one block of a model; a test says where its bytes come from and what keeping them means. */
abstract class ModelBlock implements FlightPlan {
    private static final FileVersion VERSION = new FileVersion(
            new MountId("0123456789abcdef"), ObjectKey.of("model"), 1L << 40, new VersionTag.EntityTag("1"));

    private final int index;
    private final int blockBytes;

    ModelBlock(int index, int blockBytes) {
        this.index = index;
        this.blockBytes = blockBytes;
    }

    final int index() {
        return index;
    }

    @Override
    public FileVersion version() {
        return VERSION;
    }

    @Override
    public ByteRange range() {
        return new ByteRange((long) index * blockBytes, blockBytes);
    }

    @Override
    public boolean isRepair() {
        return false;
    }

    @Override
    public void ended(Flight flight) {}
}
