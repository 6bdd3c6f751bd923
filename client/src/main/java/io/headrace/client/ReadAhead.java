package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Decides what to fetch ahead in one file from the reads that were seen, whoever made them: interleaved streams of
 * threads, ranks and page faults are told apart by position. Pure decision: fetches nothing, keeps no bytes, takes no
 * time. Thread-safe.
 */
public interface ReadAhead {
    ByteRange NO_BYTES = new ByteRange(0, 0);

    /**
     * A read of this range was asked for.
     *
     * @return what to fetch now beside it, most urgent first; often empty. Nothing is returned twice until the file was
     *     read through: a second pass may find its blocks evicted
     */
    List<ByteRange> observe(ByteRange read);

    /**
     * Shows the bytes of {@link #wantedHeader}, once they are here, so that a known format (safetensors, GGUF, an
     * index.json) can be recognised; one caller at a time. Malformed headers are no error: the file is then one of unknown
     * format.
     *
     * @param head the bytes from the wanted range's start on; fewer than wanted tell nothing
     *
     * @return what to fetch now, as in {@link #observe}
     */
    List<ByteRange> inspectHeader(ByteBuffer head);

    /** What of the file {@link #inspectHeader} wants to be shown next; empty when nothing (any more). */
    ByteRange wantedHeader();

    /**
     * What of the file behind this one to fetch now; to be asked after {@link #observe} and {@link #inspectHeader}. Mostly
     * empty; no answer is given twice, and each covers more than the one before.
     */
    default Optional<NextFile> nextFile() {
        return Optional.empty();
    }

    /**
     * Whether a read that is to be observed next, and whose bytes are absent, is one of a reader who jumps about, so that
     * little more than the read itself is worth fetching. False until that is known.
     */
    default boolean wantsExactly(ByteRange read) {
        return false;
    }

    /** Why it does what it does, for {@code stats}: {@code "sequential x 4"}, {@code "whole file (safetensors)"}. */
    String describe();
}
