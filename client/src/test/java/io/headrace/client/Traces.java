package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Reads as the programs that matter make them. */
final class Traces {
    static final int KIB = 1 << 10;
    static final int MIB = 1 << 20;

    private Traces() {}

    static List<ByteRange> sequential(long from, long to, long each) {
        List<ByteRange> trace = new ArrayList<>();
        for (long at = from; at < to; at += each) {
            trace.add(ByteRange.between(at, Math.min(to, at + each)));
        }
        return trace;
    }

    static List<ByteRange> backward(long from, long to, long each) {
        List<ByteRange> trace = sequential(from, to, each);
        Collections.reverse(trace);
        return trace;
    }

    /** Takes turns at random, as threads do. */
    static List<ByteRange> interleaved(List<List<ByteRange>> traces, Random random) {
        List<ByteRange> merged = new ArrayList<>();
        List<List<ByteRange>> left = new ArrayList<>();
        traces.forEach(trace -> left.add(new ArrayList<>(trace.reversed())));
        while (!left.isEmpty()) {
            List<ByteRange> turn = left.get(random.nextInt(left.size()));
            if (turn.isEmpty()) {
                left.remove(turn);
            } else {
                merged.add(turn.removeLast());
            }
        }
        return merged;
    }

    /** Swaps reads that are up to {@code reach} apart, as several threads on one queue do. */
    static List<ByteRange> slightlyOutOfOrder(List<ByteRange> trace, int reach, Random random) {
        List<ByteRange> shuffled = new ArrayList<>(trace);
        for (int from = 0; from < shuffled.size(); from += reach) {
            Collections.shuffle(shuffled.subList(from, Math.min(shuffled.size(), from + reach)), random);
        }
        return shuffled;
    }

    static List<ByteRange> random(long lengthBytes, int count, int each, Random random) {
        List<ByteRange> trace = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            trace.add(new ByteRange(random.nextLong(lengthBytes / each) * each, each));
        }
        return trace;
    }

    /** Records in shuffled order, each read in page-cache pieces. */
    static List<ByteRange> epoch(long lengthBytes, int recordBytes, int readBytes, Random random) {
        List<Long> records = new ArrayList<>();
        for (long at = 0; at + recordBytes <= lengthBytes; at += recordBytes) {
            records.add(at);
        }
        Collections.shuffle(records, random);
        List<ByteRange> trace = new ArrayList<>();
        records.forEach(at -> trace.addAll(sequential(at, at + recordBytes, readBytes)));
        return trace;
    }

    /** The page faults of a reader that copies tensor by tensor in another order than the file's. */
    static List<ByteRange> mmapFaults(List<ByteRange> tensors, long readBytes, Random random) {
        List<ByteRange> order = new ArrayList<>(tensors);
        Collections.shuffle(order, random);
        List<ByteRange> trace = new ArrayList<>();
        for (ByteRange tensor : order) {
            trace.addAll(sequential(tensor.offset() / 4096 * 4096, tensor.end(), readBytes));
        }
        return trace;
    }
}
