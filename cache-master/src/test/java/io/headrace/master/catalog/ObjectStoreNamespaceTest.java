package io.headrace.master.catalog;

import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStore;

class ObjectStoreNamespaceTest extends NamespaceContract {
    private final FakeOrigin objects = new FakeOrigin("s3://models", 10);

    @Override
    UnderStore openEmpty() {
        return objects;
    }

    @Override
    void put(String key, int lengthBytes) {
        objects.put(key, lengthBytes);
    }

    @Override
    void remove(String key) {
        objects.remove(key);
    }

    @Override
    void breakDown() {
        objects.fail(new OriginException.Unavailable("the origin is on fire"));
    }

    @Override
    void recover() {
        objects.recover();
    }
}
