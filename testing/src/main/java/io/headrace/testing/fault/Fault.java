package io.headrace.testing.fault;

import java.time.Duration;
import java.util.List;

/** What goes wrong with one answer of an origin. */
public sealed interface Fault {
    /** The answer's bytes come no faster than so many a second. */
    record Slow(long bytesPerSecond) implements Fault {
        public Slow {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("slow is not stopped: that is Hang");
            }
        }
    }

    /** The answer comes byte by byte, with so much time before each. */
    record Drip(Duration between) implements Fault {}

    /** The answer begins late. */
    record Late(Duration delay) implements Fault {}

    /** The connection ends behind so many bytes of the answer; shorter answers pass. */
    record Cut(long afterBytes) implements Fault {}

    /** Nothing more comes behind so many bytes of the answer, and the connection stays; shorter answers pass. */
    record Hang(long afterBytes) implements Fault {}

    /** One bit of one byte of the answer is another, counted from the first of its head; shorter answers pass. */
    record Corrupt(long atByte) implements Fault {}

    /**
     * The origin is not asked; an HTTP answer without a body comes instead.
     *
     * @param headers such as {@code "Retry-After: 1"}
     */
    record Reply(int status, List<String> headers) implements Fault {
        public Reply {
            headers = List.copyOf(headers);
        }

        public static Reply of(int status, String... headers) {
            return new Reply(status, List.of(headers));
        }
    }

    /** The connection is reset as soon as something is asked. */
    record Reset() implements Fault {}
}
