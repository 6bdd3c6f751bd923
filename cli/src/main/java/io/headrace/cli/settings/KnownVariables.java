package io.headrace.cli.settings;

import io.headrace.fuse.recovery.Keeper;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every environment variable that begins with {@code HEADRACE_} is a setting's, one of these, or a mistake. */
final class KnownVariables {
    static final String PREFIX = "HEADRACE_";

    /** What the launcher and the log read, a secret that no settings file holds, and what a mount's launcher and keeper tell it. */
    private static final List<String> NO_SETTINGS = List.of(
            "HEADRACE_AOT",
            "HEADRACE_BACKGROUND",
            "HEADRACE_BUILD",
            "HEADRACE_HOME",
            "HEADRACE_JAVA_HOME",
            "HEADRACE_JAVA_OPTIONS",
            "HEADRACE_LOG",
            "HEADRACE_LOG_LEVEL",
            "HEADRACE_TOKEN",
            Keeper.DESCRIPTOR_VARIABLE,
            Keeper.KEEPER_VARIABLE);

    /** Kubernetes tells each container of the services of its namespace, whose names may begin so. */
    private static final Pattern SERVICE_OF_KUBERNETES = Pattern.compile(
            ".*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)?)");

    private KnownVariables() {}

    /** @throws IllegalArgumentException when one is unknown; the message names the nearest one */
    static void requireIn(Map<String, String> environment, List<SettingKey> keys) {
        List<String> known = Stream.concat(keys.stream().map(SettingKey::environmentVariable), NO_SETTINGS.stream())
                .toList();
        environment.keySet().stream()
                .filter(variable -> variable.startsWith(PREFIX)
                        && !known.contains(variable)
                        && !SERVICE_OF_KUBERNETES.matcher(variable).matches())
                .sorted()
                .findFirst()
                .ifPresent(variable -> {
                    throw new IllegalArgumentException("the environment variable " + variable
                            + " names no setting; did you mean " + EditDistance.nearest(variable, known)
                            + "? All: headrace settings");
                });
    }
}
