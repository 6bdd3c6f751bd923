package io.headrace.master.lead;

import java.io.IOException;
import java.nio.file.Path;

/** Another process writes in a master's directory. */
public final class LedByAnotherException extends IOException {
    LedByAnotherException(Path directory, String who) {
        super("another master leads on the directory " + directory + " (" + who
                + "). Give this one --standby, and it waits until that one ends; or a --directory of its own, if it is of another"
                + " cluster");
    }
}
