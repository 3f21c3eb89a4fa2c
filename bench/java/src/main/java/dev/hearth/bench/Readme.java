package dev.hearth.bench;

import dev.hearth.bench.Results.Middle;
import dev.hearth.bench.Results.Sample;
import dev.hearth.bench.host.MemoryWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Writes the figures of the README out of a folder of raw results, between two lines that it leaves as they are.
public final class Readme {

    static final String BEGIN = "<!-- figures: `bench/readme FOLDER` writes what follows -->";
    static final String END = "<!-- end of figures -->";

    /// The only picture of the README.
    static final String PICTURE = "overview";

    private static final ToDoubleFunction<Sample> CPU = Results.cpu(0);
    private static final ToDoubleFunction<Sample> RATE = s -> s.window().perSecond();
    private static final ToDoubleFunction<Sample> CPU_MILLIS = s -> CPU.applyAsDouble(s) / 1000;
    private static final ToDoubleFunction<Sample> RSS =
            s -> Results.figure(MemoryWatch.PEAK).applyAsDouble(s) / 1024;
    private static final ToDoubleFunction<Sample> P50_MILLIS =
            s -> s.window().latency().p50() / 1000;

    /// @param peers its names, the best known first: suites name the same server by the way it is reached
    private record Column(String heading, List<String> peers) {
        Column(String heading, String... peers) {
            this(heading, List.of(peers));
        }
    }

    private record Row(
            String label,
            String suite,
            String work,
            String load,
            ToDoubleFunction<Sample> figure,
            int digits) {}

    private static final List<Column> SERVERS =
            List.of(
                    new Column("Hearth", "hearth-serve-aot", Goals.SUBJECT),
                    new Column("C on libfcgi", "libfcgi"),
                    new Column("PHP-FPM 8.2", "php-fpm"),
                    new Column("Jetty 12.1", "jetty-http", "jetty"),
                    new Column("Go", "go-http", "go"));

    private static final List<Column> PROGRAMS =
            List.of(
                    new Column("Hearth behind its relay", CgiGoals.HEARTH_RELAY),
                    new Column("Hearth, AOT cache", CgiGoals.HEARTH_AOT),
                    new Column("php-cgi", CgiGoals.PHP),
                    new Column("Rust", CgiGoals.RUST));

    private static final String HELLO = EngineBench.WORK;

    private static final List<Row> BEHIND =
            List.of(
                    new Row("`/hello`, requests/s", "front", HELLO, FrontBench.SATURATED, RATE, 0),
                    new Row(
                            "`/hello`, saturated, CPU µs",
                            "front",
                            HELLO,
                            FrontBench.SATURATED,
                            CPU,
                            1),
                    new Row(
                            "`/hello`, 40 % load, CPU µs",
                            "front", HELLO, FrontBench.open(40), CPU, 1),
                    new Row(
                            "`/hello`, 10 % load, CPU µs",
                            "front", HELLO, FrontBench.open(10), CPU, 1),
                    new Row(
                            "`/hello`, 40 % load, RSS MB",
                            "front", HELLO, FrontBench.open(40), RSS, 0),
                    new Row(
                            "JSON in and out, CPU µs",
                            "front",
                            FrontBench.JSON,
                            FrontBench.SATURATED,
                            CPU,
                            1),
                    new Row(
                            "webhook verified, CPU µs",
                            "webhook",
                            WebhookBench.VERIFY,
                            WebhookBench.SATURATED,
                            CPU,
                            1),
                    new Row(
                            "webhook into PostgreSQL, requests/s",
                            "webhook",
                            WebhookBench.POSTGRES,
                            WebhookBench.SATURATED,
                            RATE,
                            0),
                    new Row(
                            "webhook into PostgreSQL, CPU µs",
                            "webhook",
                            WebhookBench.POSTGRES,
                            WebhookBench.SATURATED,
                            CPU,
                            1),
                    new Row(
                            "webhook into SQLite, requests/s",
                            "webhook",
                            WebhookBench.SQLITE,
                            WebhookBench.SATURATED,
                            RATE,
                            0),
                    new Row(
                            "payment intent, CPU µs",
                            "payment",
                            PaymentBench.WORK,
                            PaymentBench.SATURATED,
                            CPU,
                            0));

    private static final List<Row> ALONE =
            List.of(
                    new Row(
                            "`/hello`, saturated, CPU µs",
                            "engine",
                            HELLO,
                            EngineBench.SATURATED,
                            CPU,
                            1),
                    new Row(
                            "`/hello`, blocking clients, CPU µs",
                            "engine",
                            HELLO,
                            EngineBench.THREADS,
                            CPU,
                            1),
                    new Row(
                            "`/hello`, 4,000 requests/s, CPU µs",
                            "engine",
                            HELLO,
                            EngineBench.OPEN_4000,
                            CPU,
                            1),
                    new Row(
                            "start to first answer, ms",
                            "startup",
                            StartupBench.START,
                            "",
                            Results.figure(StartupBench.FIRST_ANSWER),
                            0),
                    new Row(
                            "RSS MB after 1,000 requests",
                            "startup",
                            StartupBench.START,
                            "",
                            Results.figure(StartupBench.RSS),
                            0),
                    new Row(
                            "5,000 idle connections, RSS MB more",
                            "startup",
                            StartupBench.IDLE,
                            "",
                            Results.figure(StartupBench.IDLE_MORE),
                            0));

    private static final List<Row> STARTED =
            List.of(
                    new Row("`/hello`, ms", CgiGoals.SUITE, HELLO, CgiGoals.ONE, P50_MILLIS, 1),
                    new Row("`/hello`, CPU ms", CgiGoals.SUITE, HELLO, CgiGoals.ONE, CPU_MILLIS, 1),
                    new Row(
                            "webhook into SQLite, ms",
                            CgiGoals.SUITE,
                            CgiGoals.WEBHOOK,
                            CgiGoals.ONE,
                            P50_MILLIS,
                            1),
                    new Row(
                            "webhook into SQLite, CPU ms",
                            CgiGoals.SUITE,
                            CgiGoals.WEBHOOK,
                            CgiGoals.ONE,
                            CPU_MILLIS,
                            1),
                    new Row(
                            "largest process, RSS MB",
                            CgiGoals.SUITE,
                            CgiGoals.WEBHOOK,
                            "",
                            Results.figure(CgiGoals.RSS),
                            0));

    private final Path folder;
    private final Map<String, Optional<Results>> suites = new HashMap<>();

    private Readme(Path folder) {
        this.folder = folder;
    }

    static void main(String[] args) throws IOException {
        if (args.length != 2) {
            IO.println("usage: Readme FOLDER README.md");
            System.exit(2);
        }
        Path readme = Path.of(args[1]);
        Path folder = Path.of(args[0]);
        Files.writeString(readme, replaced(Files.readString(readme), figures(folder)));
    }

    /// The text with other figures between the two lines.
    static String replaced(String text, String figures) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "the README has no line '%s' before a line '%s'".formatted(BEGIN, END));
        }
        return text.substring(0, begin + BEGIN.length())
                + "\n"
                + figures.strip()
                + "\n"
                + text.substring(end);
    }

    /// What a folder tells; rows and columns that it has no figure for are left out.
    static String figures(Path folder) throws IOException {
        return new Readme(folder).text();
    }

    private String text() throws IOException {
        String name = "bench/results/" + folder.getFileName();
        StringBuilder text = new StringBuilder();
        text.append("Medians of [%s](%s)%s.\n".formatted(name, name, where()));
        text.append(
                "CPU is the server's for one request; the rates share the machine with the load generator.\n\n");
        text.append(table("behind nginx", SERVERS, BEHIND));
        text.append(table("FastCGI without a web server", SERVERS, ALONE));
        text.append(table("a process for each request", PROGRAMS, STARTED));
        if (Files.exists(folder.resolve(PICTURE + ".png"))) {
            text.append("![CPU time of one request](%s/%s.png)\n\n".formatted(name, PICTURE));
        }
        text.append(targets(name));
        return text.toString();
    }

    private String where() throws IOException {
        for (String suite : List.of("front", "engine", "startup")) {
            Optional<Results> results = results(suite);
            if (results.isPresent()) {
                Map<String, String> machine = results.get().machine();
                return ", on %s cores of %s"
                        .formatted(machine.get("cores"), machine.get("processor"));
            }
        }
        return "";
    }

    private String targets(String name) throws IOException {
        Goals.Count count = Goals.count(folder);
        return "Targets: %d of %d reached, %d missed, %d not measured: [report](%s/report.md).\n"
                .formatted(count.reached(), count.all(), count.missed(), count.open(), name);
    }

    private String table(String title, List<Column> columns, List<Row> rows) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        for (Row row : rows) {
            List<String> cells = new ArrayList<>();
            for (Column column : columns) {
                cells.add(cell(row, column).orElse(""));
            }
            if (!cells.getFirst().isEmpty()) {
                cells.addFirst(row.label);
                lines.add(cells);
            }
        }
        if (lines.isEmpty()) {
            return "";
        }
        StringBuilder table = new StringBuilder("| " + title + " |");
        columns.forEach(column -> table.append(' ').append(column.heading).append(" |"));
        table.append("\n|---|").append("---:|".repeat(columns.size())).append('\n');
        lines.forEach(cells -> table.append("| ").append(String.join(" | ", cells)).append(" |\n"));
        return table.append('\n').toString();
    }

    private Optional<String> cell(Row row, Column column) throws IOException {
        Optional<Results> results = results(row.suite);
        if (results.isEmpty()) {
            return Optional.empty();
        }
        for (String peer : column.peers) {
            Optional<Middle> middle = results.get().middle(peer, row.work, row.load, row.figure);
            if (middle.isPresent()) {
                return Optional.of(("%,." + row.digits + "f").formatted(middle.get().median()));
            }
        }
        return Optional.empty();
    }

    private Optional<Results> results(String suite) throws IOException {
        if (!suites.containsKey(suite)) {
            Path raw = folder.resolve(suite + ".json");
            suites.put(
                    suite, Files.exists(raw) ? Optional.of(Results.read(raw)) : Optional.empty());
        }
        return suites.get(suite);
    }
}
