package io.headrace.testing.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code benchmarks/faults}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> options =
                new HashMap<>(Map.of("--minutes", "30", "--seed", "1", "--workers", "3", "--slack-seconds", "2"));
        List<String> faults = new ArrayList<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            if (arguments[i].equals("--fault")) {
                faults.add(arguments[i + 1]);
            } else {
                options.put(arguments[i], arguments[i + 1]);
            }
        }
        Path checkout = Path.of(options.getOrDefault("--checkout", "."));
        Path folder = Files.createTempDirectory("headrace-faults");
        System.out.println("what the processes say is in " + folder + "\n" + FaultResult.heading());
        FaultReport report = FaultSuite.run(new FaultPlan(
                checkout,
                checkout.resolve("bin/headrace"),
                folder,
                Long.parseLong(options.getOrDefault("--seed", "")),
                Integer.parseInt(options.getOrDefault("--workers", "")),
                faults,
                Duration.ofMinutes(Long.parseLong(options.getOrDefault("--minutes", ""))),
                Duration.ofSeconds(Long.parseLong(options.getOrDefault("--slack-seconds", "")))));
        System.out.println(report.table());
        Path figures = Files.createDirectories(checkout.resolve("benchmarks/target/figures"));
        Files.writeString(figures.resolve("faults.json"), report.json());
        report.broken().forEach(System.out::println);
        System.exit(report.broken().isEmpty() ? 0 : 1);
    }
}
