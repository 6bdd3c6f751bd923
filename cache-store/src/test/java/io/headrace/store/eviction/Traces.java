package io.headrace.store.eviction;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Block numbers in the order in which a node's programs read them. */
final class Traces {
    private Traces() {}

    /** A few models, each loaded from end to end, the popular ones more often: block 0 to 1000 is one model. */
    static int[] modelLoads(Random random) {
        int[] popularity = {0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7};
        return IntStream.range(0, 60)
                .map(load -> popularity[random.nextInt(popularity.length)])
                .flatMap(model -> IntStream.range(model * 1000, (model + 1) * 1000))
                .toArray();
    }

    /** The slabs of one data set of 5000, each epoch in another order. */
    static int[] shuffledEpochs(Random random) {
        int[] slabs = IntStream.range(100_000, 105_000).toArray();
        return IntStream.range(0, 12)
                .flatMap(epoch -> Arrays.stream(shuffled(slabs, random)))
                .toArray();
    }

    /** Inference hosts: popular and unpopular blocks by Zipf's law, 20 000 of them. */
    static int[] zipf(Random random) {
        double[] sums = new double[20_000];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += 1 / Math.pow(i + 1, 0.9);
            sums[i] = sum;
        }
        double total = sum;
        return IntStream.range(0, 80_000)
                .map(i -> 200_000 + Math.abs(Arrays.binarySearch(sums, random.nextDouble() * total)))
                .toArray();
    }

    /** All three at once, in runs of 200 reads. */
    static int[] mixed(Random random) {
        int[][] all = {modelLoads(random), shuffledEpochs(random), zipf(random)};
        int[] next = new int[all.length];
        int length = Arrays.stream(all).mapToInt(trace -> trace.length).sum();
        int[] mixed = new int[length];
        int at = 0;
        while (at < length) {
            int from = random.nextInt(all.length);
            int run = Math.min(200, all[from].length - next[from]);
            System.arraycopy(all[from], next[from], mixed, at, run);
            next[from] += run;
            at += run;
        }
        return mixed;
    }

    private static int[] shuffled(int[] values, Random random) {
        int[] copy = values.clone();
        for (int i = copy.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = copy[i];
            copy[i] = copy[j];
            copy[j] = swapped;
        }
        return copy;
    }
}
