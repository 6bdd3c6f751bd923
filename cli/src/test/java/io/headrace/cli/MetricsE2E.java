package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md lists what the processes of a cluster show, all of it and nothing else. */
class MetricsE2E {
    private static final Pattern URL = Pattern.compile("http://\\S+/metrics");
    private static final Pattern SHOWN = Pattern.compile("(?m)^# TYPE (headrace_\\w+)");
    private static final Pattern LISTED = Pattern.compile("headrace_[a-z_]+");

    @TempDir
    private Path folder;

    @Test
    void what_a_cluster_shows_is_listed() throws Exception {
        try (StartedCluster cluster = StartedCluster.at(folder)) {
            cluster.bucket().put("model", new byte[1 << 20]);
            String said = cluster.start(1);
            assertThat(cluster.mount("mount").resolve("model")).hasBinaryContent(new byte[1 << 20]);
            Set<String> shown = new TreeSet<>();
            for (MatchResult url : URL.matcher(said).results().toList()) {
                shown.addAll(names(SHOWN, get(url.group()), match -> match.group(1)));
            }
            assertThat(shown)
                    .isEqualTo(names(
                            LISTED, Files.readString(Checkout.root().resolve("docs/metrics.md")), MatchResult::group));
        }
    }

    private static Set<String> names(Pattern pattern, String text, Function<MatchResult, String> name) {
        return pattern.matcher(text)
                .results()
                .map(name)
                .map(found -> found.replaceAll("(_total|_seconds|_seconds_max|_seconds_count)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
