package io.headrace.protocol.token;

import io.headrace.protocol.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The token that a process shows, and which ones it accepts. */
public record TokenSettings(
        @Setting(
                value = "The file of the token that this process shows to the master and to workers; without it the"
                        + " variable `HEADRACE_TOKEN` is shown. Its owner and group may read it, nobody else.",
                defaultValue = "")
        Optional<Path> file,

        @Setting(
                value = "Of a master or worker: the public keys of the tokens that it accepts (PEM, one or several for"
                        + " replacing one). With it, everybody needs a token.",
                defaultValue = "")
        Optional<Path> keysFile,

        @Setting(
                value = "Of a master or worker: ids of tokens that are not good any more, one a line.",
                defaultValue = "")
        Optional<Path> calledBackFile,

        @Setting(
                value =
                        "By how much the clocks of two machines may differ: a token is good for so long before and after"
                                + " its time.",
                defaultValue = "60s")
        Duration leeway,

        @Setting(
                value = "How often the files of tokens and their keys are looked at for changes.",
                defaultValue = "10s")
        Duration reloadInterval) {

    public TokenSettings {
        if (reloadInterval.isZero()) {
            throw new IllegalArgumentException("token.reload-interval is longer than 0");
        }
    }

    public static TokenSettings none() {
        return new TokenSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
