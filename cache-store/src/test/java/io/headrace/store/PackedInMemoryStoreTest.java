package io.headrace.store;

import io.headrace.protocol.ByteSize;

/** Small files in slabs in memory. */
final class PackedInMemoryStoreTest extends BlockStoreContract {
    @Override
    ByteSize diskCapacity() {
        return ByteSize.ofMebibytes(0);
    }

    @Override
    ByteSize memoryCapacity() {
        return ByteSize.ofMebibytes(256);
    }

    @Override
    long fileBytes() {
        return 100_000;
    }
}
