package io.headrace.client;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** For the index of a model in several files: all of it, and the start of the first shard, which is read next. */
final class ShardIndexReadAhead implements ReadAhead {
    /** The names come within the first entries of {@code weight_map}; what is before them is small. */
    private static final int LOOK_BYTES = 64 << 10;

    /** The header and the first tensors; more follows when the shard is read. */
    private static final long FIRST_SHARD_BYTES = 16 << 20;

    private final WholeFileReadAhead whole;
    private final int lookBytes;
    private final AtomicReference<@Nullable NextFile> next = new AtomicReference<>();
    private volatile boolean looked;

    ShardIndexReadAhead(long lengthBytes) {
        this.whole = new WholeFileReadAhead(lengthBytes);
        this.lookBytes = (int) Math.min(lengthBytes, LOOK_BYTES);
    }

    @Override
    public List<ByteRange> observe(ByteRange read) {
        return whole.observe(read);
    }

    @Override
    public List<ByteRange> inspectHeader(ByteBuffer head) {
        if (!looked && head.remaining() >= lookBytes) {
            looked = true;
            Optional<EntryName> shard = Shards.firstNamedIn(head.slice(head.position(), lookBytes));
            shard.ifPresent(name -> next.set(new NextFile(name, FIRST_SHARD_BYTES)));
        }
        return List.of();
    }

    @Override
    public ByteRange wantedHeader() {
        return looked ? NO_BYTES : new ByteRange(0, lookBytes);
    }

    @Override
    public Optional<NextFile> nextFile() {
        return next.get() == null ? Optional.empty() : Optional.ofNullable(next.getAndSet(null));
    }

    @Override
    public String describe() {
        return "whole file (index of shards)";
    }
}
