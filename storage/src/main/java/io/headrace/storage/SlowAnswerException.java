package io.headrace.storage;

import java.io.IOException;
import java.time.Duration;

/** An answer was not whole when its time was over, though bytes of it may have come all the while. */
final class SlowAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    SlowAnswerException(Duration limit) {
        super("the answer was not whole after " + limit.toMillis() + " ms");
    }
}
