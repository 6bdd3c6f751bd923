package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collection;
import java.util.List;

/** What a failure must not say to whoever sees all of it. */
public final class Secrecy {
    private Secrecy() {}

    /** Returns the failure, whose stack trace and causes tell none of the secrets. */
    public static Throwable assertTellsNone(Throwable thrown, String... secrets) {
        return assertTellsNone(thrown, List.of(secrets));
    }

    public static Throwable assertTellsNone(Throwable thrown, Collection<String> secrets) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(secrets);
        return thrown;
    }
}
