package dev.hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Makes `report.md` and `report.html` of a folder of results: all targets first, then each suite with its pictures.
public final class Summary {

    private static final List<String> SUITES =
            List.of(
                    "engine",
                    "front",
                    "apache",
                    "webhook",
                    "inbox",
                    "payment",
                    "workers",
                    "cores",
                    "cgi",
                    "startup",
                    "inner",
                    "layers",
                    "operator",
                    "soak");

    /// The pictures that are committed with the results, as PNG, which is a tenth of the SVG, and `overview` for the
    /// README; `report.html` shows all.
    private static final Set<String> KEPT =
            Set.of(
                    "front-hello-cpu",
                    "webhook-verify-insert-PostgreSQL-cpu",
                    "cgi-webhook-verify-insert-SQLite-cpu",
                    "soak-rss");

    private Summary() {}

    static void main(String[] args) throws IOException {
        if (args.length != 2) {
            IO.println("usage: Summary FOLDER HOW-IT-WAS-MADE");
            System.exit(2);
        }
        Path folder = Path.of(args[0]);
        String title = "Results of " + folder.getFileName();
        Files.writeString(
                folder.resolve("report.md"), text(folder, title, args[1], "png", KEPT::contains));
        Files.writeString(
                folder.resolve("report.html"),
                Html.page(title, text(folder, title, args[1], "svg", _ -> true)));
    }

    private static String text(
            Path folder, String title, String how, String form, Predicate<String> wanted)
            throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(title).append("\n\n").append(how).append('\n');
        text.append("\n## All targets\n\n");
        text.append("Read from the raw results beside this file; nothing is written by hand.\n\n");
        text.append(Goals.table(folder));
        failing(folder, text);
        for (String suite : SUITES) {
            Path report = folder.resolve(suite + ".md");
            if (!Files.exists(report)) {
                continue;
            }
            text.append("\n---\n\n").append(Files.readString(report).strip()).append('\n');
            for (String picture : pictures(folder, suite)) {
                if (wanted.test(picture)) {
                    text.append("\n![%s](%s.%s)\n".formatted(picture, picture, form));
                }
            }
        }
        return text.toString();
    }

    private static void failing(Path folder, StringBuilder text) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String suite : SUITES) {
            Path raw = folder.resolve(suite + ".json");
            // JMH writes its own form.
            if (!suite.equals(JmhResults.SUITE) && Files.exists(raw)) {
                Results.read(raw)
                        .failing()
                        .forEach((peer, why) ->
                                lines.append("- %s: %s: %s\n".formatted(suite, peer, why)));
            }
        }
        if (!lines.isEmpty()) {
            text.append("\n## Failing\n\n").append(lines);
        }
    }

    private static List<String> pictures(Path folder, String suite) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(suite + "-") && name.endsWith(".svg"))
                    .map(name -> name.substring(0, name.length() - ".svg".length()))
                    .sorted()
                    .toList();
        }
    }
}
