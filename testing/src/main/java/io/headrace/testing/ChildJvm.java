package io.headrace.testing;

import java.util.ArrayList;
import java.util.List;

/** A small JVM of its own process with the test's class path: for what is killed, or must not share its safepoints. */
public final class ChildJvm {
    private ChildJvm() {}

    /** The command that runs {@code main} with these arguments. */
    public static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
