package io.headrace.store;

import io.headrace.protocol.ByteSize;

/** A memory tier alone. */
final class MemoryOnlyStoreTest extends BlockStoreContract {
    @Override
    ByteSize diskCapacity() {
        return new ByteSize(0);
    }

    @Override
    ByteSize memoryCapacity() {
        return ByteSize.ofMebibytes(256);
    }

    @Override
    long fileBytes() {
        return mebibytes(9) + 12_345;
    }
}
