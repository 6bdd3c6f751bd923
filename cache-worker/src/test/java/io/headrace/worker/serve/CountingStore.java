package io.headrace.worker.serve;

import io.headrace.store.BlockStore;
import io.headrace.store.CachedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.store.ReadCompletion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Passes everything on to a store, and counts what is held of it. */
final class CountingStore {
    final AtomicLong openFiles = new AtomicLong();
    final AtomicLong openedFiles = new AtomicLong();
    final AtomicLong pinnedBytes = new AtomicLong();
    final AtomicLong peakPinnedBytes = new AtomicLong();
    private final BlockStore store;

    CountingStore(BlockStore store) {
        this.store = store;
    }

    BlockStore counted() {
        return proxy(BlockStore.class, (method, arguments) -> {
            @Nullable Object result = method.invoke(store, arguments);
            return result instanceof CachedFile file ? counted(file) : result;
        });
    }

    private CachedFile counted(CachedFile file) {
        openFiles.incrementAndGet();
        openedFiles.incrementAndGet();
        return proxy(CachedFile.class, (method, arguments) -> switch (method.getName()) {
            case "close" -> {
                openFiles.decrementAndGet();
                yield method.invoke(file, arguments);
            }
            case "read" -> {
                Object[] wrapped = arguments.clone();
                wrapped[wrapped.length - 1] = counted((ReadCompletion) wrapped[wrapped.length - 1]);
                yield method.invoke(file, wrapped);
            }
            case "readNow" -> ((Optional<?>) method.invoke(file, arguments)).map(bytes -> counted((PinnedBytes) bytes));
            default -> method.invoke(file, arguments);
        });
    }

    private ReadCompletion counted(ReadCompletion completion) {
        return new ReadCompletion() {
            @Override
            public void succeeded(PinnedBytes bytes) {
                completion.succeeded(counted(bytes));
            }

            @Override
            public void failed(IOException failure) {
                completion.failed(failure);
            }
        };
    }

    private PinnedBytes counted(PinnedBytes bytes) {
        long size = bytes.segments().stream().mapToLong(MemorySegment::byteSize).sum();
        peakPinnedBytes.accumulateAndGet(pinnedBytes.addAndGet(size), Math::max);
        AtomicBoolean closed = new AtomicBoolean();
        return new PinnedBytes() {
            @Override
            public List<MemorySegment> segments() {
                return bytes.segments();
            }

            @Override
            public OptionalInt fetchedCrc() throws IOException {
                return bytes.fetchedCrc();
            }

            @Override
            public void close() {
                // Once more than once would show as a negative balance.
                pinnedBytes.addAndGet(-size);
                if (closed.compareAndSet(false, true)) {
                    bytes.close();
                }
            }
        };
    }

    @FunctionalInterface
    private interface Call {
        @Nullable
        Object on(java.lang.reflect.Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.on(method, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
