package dev.hearth.app;

import java.util.Collection;
import java.util.Optional;

/// Finds what someone meant who mistyped a name.
final class Spelling {
    private Spelling() {}

    /// The name most like `typed`, unless more than a third of it would have to change.
    static Optional<String> nearest(String typed, Collection<String> names) {
        String best = "";
        int fewest = Math.max(2, typed.length() / 3) + 1;
        for (String name : names) {
            int changes = changes(typed, name);
            if (changes < fewest) {
                fewest = changes;
                best = name;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /// The edit distance: letters to insert, remove or replace.
    private static int changes(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[to.length()];
    }
}
