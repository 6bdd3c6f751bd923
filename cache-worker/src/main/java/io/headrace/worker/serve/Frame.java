package io.headrace.worker.serve;

import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.store.PinnedBytes;
import java.util.Optional;

/** What is to be written next; owns the bytes until they are written or it is {@link #release}d. */
record Frame(ResponseHead head, Optional<Failure> failure, Optional<PinnedBytes> bytes) {
    static Frame done(BlockRequest request) {
        return new Frame(ResponseHead.done(request), Optional.empty(), Optional.empty());
    }

    static Frame progress(BlockRequest request) {
        return new Frame(ResponseHead.progress(request), Optional.empty(), Optional.empty());
    }

    static Frame data(ResponseHead head, PinnedBytes bytes) {
        return new Frame(head, Optional.empty(), Optional.of(bytes));
    }

    static Frame failed(Opcode opcode, long id, Failure failure) {
        return new Frame(ResponseHead.failed(opcode, id, failure), Optional.of(failure), Optional.empty());
    }

    static Frame failed(BlockRequest request, Failure failure) {
        return failed(request.opcode(), request.id(), failure);
    }

    void release() {
        bytes.ifPresent(PinnedBytes::close);
    }
}
