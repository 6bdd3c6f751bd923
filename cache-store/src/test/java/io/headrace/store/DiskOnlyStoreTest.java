package io.headrace.store;

import io.headrace.protocol.ByteSize;

/** A disk tier, and files of some blocks with an uneven end. */
final class DiskOnlyStoreTest extends BlockStoreContract {
    @Override
    ByteSize diskCapacity() {
        return ByteSize.ofMebibytes(256);
    }

    @Override
    ByteSize memoryCapacity() {
        return new ByteSize(0);
    }

    @Override
    long fileBytes() {
        return mebibytes(9) + 12_345;
    }
}
