package io.headrace.master.jobs;

import java.io.IOException;

/** There is no job of this number, or not any more. */
final class NoSuchJobException extends IOException {
    NoSuchJobException(long id) {
        super("there is no job " + id + "; headrace jobs list shows those there are");
    }
}
