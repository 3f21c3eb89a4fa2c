package dev.hearth.app;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the line of a key in a TOML text that has been parsed already: the parser tells values without
/// their places, and a message without a line sends its reader searching.
final class TomlLines {
    private static final Pattern TABLE = Pattern.compile("\\s*\\[\\[?([^\\]]+)\\]\\]?.*");
    private static final Pattern KEY = Pattern.compile("\\s*([A-Za-z0-9_.\"'\\s-]+?)\\s*=(.*)");

    private final Map<String, Integer> lines = new HashMap<>();

    private TomlLines() {}

    static TomlLines of(String text) {
        TomlLines found = new TomlLines();
        String prefix = "";
        String openQuotes = "";
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!openQuotes.isEmpty()) {
                openQuotes = line.contains(openQuotes) ? "" : openQuotes;
                continue;
            }
            Matcher table = TABLE.matcher(line);
            Matcher key = KEY.matcher(line);
            if (table.matches()) {
                prefix = bare(table.group(1)) + ".";
                found.lines.putIfAbsent(bare(table.group(1)), number);
            } else if (key.matches()) {
                found.lines.putIfAbsent(prefix + bare(key.group(1)), number);
                openQuotes = leftOpen(key.group(2));
            }
        }
        return found;
    }

    /// The line of a key, or of the inline table that holds it; 1 where neither is found.
    int lineOf(String name) {
        for (String outer = name; ; outer = outer.substring(0, outer.lastIndexOf('.'))) {
            Integer line = lines.get(outer);
            if (line != null) {
                return line;
            }
            if (!outer.contains(".")) {
                return 1;
            }
        }
    }

    private static String bare(String key) {
        return key.replaceAll("[\"'\\s]", "");
    }

    private static String leftOpen(String value) {
        for (String quotes : new String[] {"\"\"\"", "'''"}) {
            int first = value.indexOf(quotes);
            if (first >= 0 && value.indexOf(quotes, first + 3) < 0) {
                return quotes;
            }
        }
        return "";
    }
}
