package io.headrace.testing.oss;

import io.headrace.protocol.ObjectKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a server has been asked and has sent since it started; thread-safe. Requests that were refused count. */
public final class OssTraffic {
    private final Map<OssOperation, LongAdder> requests = new EnumMap<>(OssOperation.class);
    private final Map<ObjectKey, LongAdder> reads = new ConcurrentHashMap<>();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder refused = new LongAdder();

    OssTraffic() {
        for (OssOperation operation : OssOperation.values()) {
            requests.put(operation, new LongAdder());
        }
    }

    void asked(OssOperation operation, ObjectKey key) {
        requests.getOrDefault(operation, refused).increment();
        if (operation == OssOperation.GET_OBJECT) {
            reads.computeIfAbsent(key, unread -> new LongAdder()).increment();
        }
    }

    void sent(long bytes) {
        bytesSent.add(bytes);
    }

    void refused() {
        refused.increment();
    }

    public long requests(OssOperation operation) {
        LongAdder count = requests.get(operation);
        return count == null ? 0 : count.sum();
    }

    /** Of all operations. */
    public long requests() {
        return requests.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** How often bytes of this key were asked for, in any bucket. */
    public long reads(ObjectKey key) {
        LongAdder count = reads.get(key);
        return count == null ? 0 : count.sum();
    }

    /** Object data, without headers and without what was left unsent when a reader went away. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /** Answers with an error's status. */
    public long refusals() {
        return refused.sum();
    }
}
