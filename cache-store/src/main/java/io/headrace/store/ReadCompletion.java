package io.headrace.store;

import java.io.IOException;

/** Takes the outcome of one read; exactly one method is called, once. */
public interface ReadCompletion {
    /** The receiver closes the bytes. */
    void succeeded(PinnedBytes bytes);

    /** @param failure an {@link io.headrace.protocol.OriginException} when the source failed */
    void failed(IOException failure);
}
