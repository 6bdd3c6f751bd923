package io.headrace.cli.doctor;

import io.headrace.cli.JsonText;
import java.util.ArrayList;
import java.util.List;

/** What all checks found, in their order. */
record Diagnosis(List<Line> lines) {
    record Line(String subject, Finding finding) {}

    Diagnosis {
        lines = List.copyOf(lines);
    }

    static Diagnosis of(Host host, List<Check> checks) {
        List<Line> lines = new ArrayList<>();
        for (Check check : checks) {
            lines.add(new Line(check.subject(), check.judge(host)));
        }
        return new Diagnosis(lines);
    }

    Verdict worst() {
        return lines.stream()
                .map(line -> line.finding().verdict())
                .max(Verdict::compareTo)
                .orElse(Verdict.GOOD);
    }

    String asText() {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            Finding finding = line.finding();
            text.append("%-6s  %-16s  %s%n".formatted(finding.verdict().word(), line.subject(), finding.seen()));
            if (!finding.fix().isEmpty()) {
                text.append("%-6s  %-16s  fix: %s%n".formatted("", "", finding.fix()));
            }
        }
        return text.toString();
    }

    /** {@code {"verdict": "slow", "checks": [{"subject": …, "verdict": …, "seen": …, "fix": …}]}} */
    String asJson() {
        StringBuilder text = new StringBuilder("{\"verdict\": \"" + worst().word() + "\", \"checks\": [");
        String separator = "";
        for (Line line : lines) {
            Finding finding = line.finding();
            text.append(separator).append("{\"subject\": ").append(JsonText.quoted(line.subject()));
            text.append(", \"verdict\": ")
                    .append(JsonText.quoted(finding.verdict().word()));
            text.append(", \"seen\": ").append(JsonText.quoted(finding.seen()));
            text.append(", \"fix\": ").append(JsonText.quoted(finding.fix())).append('}');
            separator = ", ";
        }
        return text.append("]}").toString();
    }
}
