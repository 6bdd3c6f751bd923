package io.headrace.cli.settings;

import java.util.Comparator;
import java.util.List;

/** Levenshtein's distance, for "did you mean". */
final class EditDistance {
    private EditDistance() {}

    /** @param known at least one */
    static String nearest(String name, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(key -> between(key, name)))
                .orElseThrow();
    }

    static int between(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], above[j]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
