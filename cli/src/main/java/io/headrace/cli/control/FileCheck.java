package io.headrace.cli.control;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.v1.CheckedFile;
import io.headrace.store.BlockStore;
import io.headrace.store.CachedFile;
import io.headrace.store.CheckResult;
import io.headrace.store.PinnedBytes;
import io.headrace.worker.SelectedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies what is cached of a file against its checksums and, where asked, against the origin's bytes. */
record FileCheck(BlockStore store, RangeSource source, boolean withOrigin) {
    /** Empty when nothing is cached of it. */
    Optional<CheckedFile> run(SelectedFile file) {
        FileVersion version = file.entry().version();
        if (store.residency(version).isEmpty()) {
            return Optional.empty();
        }
        CheckedFile.Builder checked = CheckedFile.newBuilder().setPath(file.path());
        try {
            CheckResult result = store.check(version);
            checked.setCheckedBytes(result.checkedBytes()).addAllDamagedBlocks(result.damagedBlocks());
            if (withOrigin) {
                checked.addAllDifferingBlocks(differing(version));
            }
        } catch (IOException e) {
            checked.setFailure(String.valueOf(e.getMessage()));
        }
        return Optional.of(checked.build());
    }

    private List<Integer> differing(FileVersion version) throws IOException {
        List<Integer> differing = new ArrayList<>();
        try (CachedFile cached = store.open(version, source)) {
            for (int block = 0; block < Blocks.count(version.lengthBytes()); block++) {
                ByteRange range = Blocks.range(block, version.lengthBytes());
                Optional<PinnedBytes> kept = cached.readNow(range);
                if (kept.isPresent()) {
                    try (PinnedBytes bytes = kept.get()) {
                        if (!equalsOrigin(version, range, bytes)) {
                            differing.add(block);
                        }
                    }
                }
            }
        }
        return differing;
    }

    private boolean equalsOrigin(FileVersion version, ByteRange range, PinnedBytes kept) throws IOException {
        ByteBuffer fetched = ByteBuffer.allocateDirect(Math.toIntExact(range.length()));
        try (ReadableByteChannel channel = source.open(version, range, FetchReason.REPAIR)) {
            while (fetched.hasRemaining()) {
                if (channel.read(fetched) < 0) {
                    throw new EOFException("the origin's answer for " + version + " " + range + " is short");
                }
            }
        }
        ByteBuffer cached = ByteBuffer.allocateDirect(fetched.capacity());
        kept.copyTo(cached);
        return cached.flip().mismatch(fetched.flip()) < 0;
    }
}
