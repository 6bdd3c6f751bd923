package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of one mount that no path leads to, the first ones by name. Thread-safe. */
final class UnreachableKeys {
    private final int limit;
    private final Map<ObjectKey, String> named = new LinkedHashMap<>();
    private long unnamed;

    UnreachableKeys(int limit) {
        this.limit = limit;
    }

    synchronized void add(ObjectKey key, String reason) {
        if (named.containsKey(key) || named.size() < limit) {
            named.put(key, reason);
        } else {
            unnamed++;
        }
    }

    synchronized void remove(ObjectKey key) {
        named.remove(key);
    }

    synchronized UnreachableReport report() {
        List<UnreachableKey> keys = new ArrayList<>(named.size());
        named.forEach((key, reason) -> keys.add(new UnreachableKey(key, reason)));
        return new UnreachableReport(keys, keys.size() + unnamed);
    }

    synchronized byte[] encode() {
        int bytes = Long.BYTES + Integer.BYTES;
        for (Map.Entry<ObjectKey, String> entry : named.entrySet()) {
            bytes += 8 + entry.getKey().bytes().length() + utf8(entry.getValue()).length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).putLong(unnamed).putInt(named.size());
        named.forEach((key, reason) -> {
            byte[] text = utf8(reason);
            buffer.putInt(key.bytes().length()).put(key.bytes().asByteBuffer());
            buffer.putInt(text.length).put(text);
        });
        return buffer.array();
    }

    /** What {@link #encode} wrote. */
    static UnreachableKeys decode(byte[] encoded, int limit) {
        UnreachableKeys keys = new UnreachableKeys(limit);
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        keys.unnamed = buffer.getLong();
        for (int left = buffer.getInt(); left > 0; left--) {
            byte[] key = take(buffer);
            keys.add(new ObjectKey(Bytes.copyOf(key)), new String(take(buffer), StandardCharsets.UTF_8));
        }
        return keys;
    }

    private static byte[] take(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.getInt()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
