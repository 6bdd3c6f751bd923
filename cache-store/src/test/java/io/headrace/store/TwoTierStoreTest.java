package io.headrace.store;

import io.headrace.protocol.ByteSize;

/** Memory above disk, and files of some blocks. */
final class TwoTierStoreTest extends BlockStoreContract {
    @Override
    ByteSize diskCapacity() {
        return ByteSize.ofMebibytes(256);
    }

    @Override
    ByteSize memoryCapacity() {
        return ByteSize.ofMebibytes(64);
    }

    @Override
    long fileBytes() {
        return mebibytes(9) + 12_345;
    }
}
