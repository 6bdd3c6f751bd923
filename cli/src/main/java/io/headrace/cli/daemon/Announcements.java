package io.headrace.cli.daemon;

import io.headrace.cli.ExitCode;
import io.headrace.fuse.FuseMount;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Where a starting mount says how it goes. In the foreground that is the terminal. In the background it is descriptor
 * 3, a pipe to the launcher that waits there: lines for the user, then {@code exit N}, then end of file.
 */
interface Announcements {
    void tell(String line);

    /** The mount answers, or never will. Nothing is told afterwards. */
    void ended(ExitCode code);

    static Announcements open(Map<String, String> environment) throws IOException {
        boolean launcherWaits = environment.containsKey("HEADRACE_BACKGROUND") && !FuseMount.isSuccessor();
        return launcherWaits ? new ToLauncher() : new ToTerminal();
    }

    /** In the foreground. */
    final class ToTerminal implements Announcements {
        @Override
        public void tell(String line) {
            System.err.println(line);
        }

        @Override
        public void ended(ExitCode code) {}
    }

    /** In the background. */
    final class ToLauncher implements Announcements {
        private static final Path DESCRIPTOR = Path.of("/proc/self/fd/3");

        private final PrintStream pipe;

        /**
         * Descriptor 3 is whatever this process opened first when no launcher passed it, so it is looked at before it is
         * written to, and nothing is ever created or truncated.
         */
        ToLauncher() throws IOException {
            if (!Files.readSymbolicLink(DESCRIPTOR).toString().startsWith("pipe:")) {
                throw new IOException("HEADRACE_BACKGROUND is set and descriptor 3 is no pipe to a launcher. Unset it;"
                        + " bin/headrace sets it for the process that it waits for");
            }
            pipe = new PrintStream(
                    Files.newOutputStream(DESCRIPTOR, StandardOpenOption.WRITE), true, StandardCharsets.UTF_8);
        }

        @Override
        public void tell(String line) {
            pipe.println(line);
        }

        @Override
        public void ended(ExitCode code) {
            pipe.println("exit " + code.status());
            pipe.close();
        }
    }
}
