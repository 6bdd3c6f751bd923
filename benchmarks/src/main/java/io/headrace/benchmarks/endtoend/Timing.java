package io.headrace.benchmarks.endtoend;

/** @param cpuSeconds of the reading thread, user and system */
public record Timing(long bytes, double seconds, double cpuSeconds) {
    public double bytesPerSecond() {
        return bytes / seconds;
    }

    public double gigabytesPerSecond() {
        return bytesPerSecond() / 1e9;
    }

    public double cpuSecondsPerGigabyte() {
        return cpuSeconds / (bytes / 1e9);
    }

    /** One after the other. */
    Timing plus(Timing next) {
        return new Timing(bytes + next.bytes, seconds + next.seconds, cpuSeconds + next.cpuSeconds);
    }

    Timing withBytes(long newBytes) {
        return new Timing(newBytes, seconds, cpuSeconds);
    }
}
