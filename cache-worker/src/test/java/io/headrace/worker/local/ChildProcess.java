package io.headrace.worker.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A test's class in a process of its own, which says something and stays until it is killed. */
record ChildProcess(Process process) {
    /** @param prefix a command that runs it in other circumstances */
    static ChildProcess start(List<String> prefix, Path log, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(ChildJvm.command(main, arguments));
        return new ChildProcess(
                new ProcessBuilder(command).redirectError(log.toFile()).start());
    }

    static ChildProcess start(Path log, Class<?> main, String... arguments) throws IOException {
        return start(List.of(), log, main, arguments);
    }

    /** What follows on the first line that begins so. */
    String said(String beginning) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        throw new IOException("the process ended without saying \"" + beginning + "\"");
    }

    void kill() throws IOException {
        try {
            assertThat(process.destroyForcibly().waitFor(45, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
