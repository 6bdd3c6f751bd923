package io.headrace.master.jobs;

import java.io.IOException;

/** A job cannot be taken, or not be gone on with, at present. */
final class JobRefusedException extends IOException {
    JobRefusedException(String message) {
        super(message);
    }
}
