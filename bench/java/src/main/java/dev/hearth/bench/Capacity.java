package dev.hearth.bench;

import dev.hearth.bench.Results.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Writes CAPACITY.md out of raw results: every number in it is measured, or computed here from what was.
public final class Capacity {

    private static final String NOT_MEASURED = "not measured";

    /// A server is well used at half of its processors: the other half is for peaks.
    private static final double SHARE = 0.5;

    private static final double SECONDS_OF_DAY = 86_400;
    private static final double GIB = 1024.0 * 1024;

    private final Path folder;
    private final StringBuilder text = new StringBuilder();

    private Capacity(Path folder) {
        this.folder = folder;
    }

    static void main(String[] args) throws IOException {
        if (args.length != 2) {
            IO.println("usage: Capacity FOLDER TEMPLATE");
            System.exit(2);
        }
        Capacity capacity = new Capacity(Path.of(args[0]));
        capacity.costs();
        capacity.ends();
        String template = Files.readString(Path.of(args[1]));
        IO.print(template.replace("{{measured}}", capacity.text.toString().strip()));
    }

    /// A thing that costs CPU time.
    ///
    /// @param others how many servers beside Hearth take part, such as nginx and PostgreSQL
    private record Work(
            String name, String suite, String peer, String work, String load, int others) {

        Work(String name, String suite, String work, String load, int others) {
            this(name, suite, Goals.SUBJECT, work, load, others);
        }
    }

    private void costs() throws IOException {
        line("Measured %s.".formatted(where()));
        line("");
        line(
                "| one … | Hearth µs | with nginx and database µs | one core at 50 % carries | a"
                        + " day |");
        line("|---|---:|---:|---:|---:|");
        for (Work work :
                List.of(
                        new Work(
                                "small page, `/hello`",
                                "front",
                                EngineBench.WORK,
                                FrontBench.open(40),
                                1),
                        new Work("JSON request", "front", FrontBench.JSON, FrontBench.open(40), 1),
                        new Work(
                                "webhook stored and handled, SQLite",
                                "webhook",
                                WebhookBench.SQLITE,
                                WebhookBench.OPEN,
                                1),
                        new Work(
                                "webhook stored and handled, PostgreSQL",
                                "webhook",
                                WebhookBench.POSTGRES,
                                WebhookBench.OPEN,
                                2),
                        new Work(
                                "payment intent, SQLite",
                                "payment",
                                PaymentBench.WORK,
                                PaymentBench.OPEN,
                                1),
                        new Work(
                                "webhook stored, CGI through the relay, SQLite",
                                CgiGoals.SUITE,
                                CgiGoals.HEARTH_RELAY,
                                CgiGoals.WEBHOOK,
                                CgiGoals.ONE,
                                1),
                        new Work(
                                "webhook stored, CGI with AOT cache, SQLite",
                                CgiGoals.SUITE,
                                CgiGoals.HEARTH_AOT,
                                CgiGoals.WEBHOOK,
                                CgiGoals.ONE,
                                1))) {
            line(row(work));
        }
    }

    private String row(Work work) throws IOException {
        Optional<Double> own = median(work.suite, work.peer, work.work, work.load, Results.cpu(0));
        Optional<Double> all =
                median(
                        work.suite,
                        work.peer,
                        work.work,
                        work.load,
                        sample -> sum(sample, work.others));
        if (own.isEmpty() || all.isEmpty()) {
            return "| %s | %s | | | |".formatted(work.name, NOT_MEASURED);
        }
        double perSecond = SHARE * 1e6 / all.get();
        return "| %s | %.0f | %.0f | %,.0f/s | %.1f million |"
                .formatted(
                        work.name,
                        own.get(),
                        all.get(),
                        perSecond,
                        perSecond * SECONDS_OF_DAY / 1e6);
    }

    private static double sum(Sample sample, int others) {
        double sum = 0;
        for (int i = 0; i <= others; i++) {
            sum += Results.cpu(i).applyAsDouble(sample);
        }
        return sum;
    }

    private void ends() throws IOException {
        line("");
        line("| where it ends, on that machine | |");
        line("|---|---:|");
        line(
                rate(
                        "webhooks into SQLite, one worker",
                        "webhook",
                        Goals.SUBJECT,
                        WebhookBench.SQLITE));
        line(
                rate(
                        "webhooks into PostgreSQL, one worker",
                        "webhook",
                        Goals.SUBJECT,
                        WebhookBench.POSTGRES));
        line(
                rate(
                        "webhooks into one PostgreSQL, three workers",
                        "workers",
                        "hearth-x3",
                        WebhookBench.POSTGRES));
        line(rate("payment intents", "payment", Goals.SUBJECT, PaymentBench.WORK));
        for (String work : List.of(WebhookBench.SQLITE, WebhookBench.POSTGRES)) {
            ToDoubleFunction<Sample> disk = Results.figure(WebhookBench.DISK);
            String cell =
                    median("webhook", Goals.SUBJECT, work, "", disk)
                            .map(kib ->
                                    "%.1f KiB an event, %.1f GiB a million"
                                            .formatted(kib, kib * 1e6 / GIB))
                            .orElse(NOT_MEASURED);
            line("| disk, " + work + " | " + cell + " |");
        }
    }

    private String rate(String what, String suite, String peer, String work) throws IOException {
        String cell =
                median(suite, peer, work, WebhookBench.SATURATED, s -> s.window().perSecond())
                        .map(rate -> "%,.0f/s".formatted(rate))
                        .orElse(NOT_MEASURED);
        return "| " + what + ", saturated | " + cell + " |";
    }

    private String where() throws IOException {
        for (String suite : List.of("webhook", "front", "payment")) {
            Optional<Results> results = results(suite);
            if (results.isPresent()) {
                return "%s on %s, %s cores (`bench/results/%s`), front server, database and load generator on the same machine"
                        .formatted(
                                results.get().date().substring(0, 10),
                                results.get().machine().get("processor"),
                                results.get().machine().get("cores"),
                                folder.getFileName());
            }
        }
        return "nowhere: `" + folder.getFileName() + "` holds none of the suites";
    }

    private Optional<Results> results(String suite) throws IOException {
        Path raw = folder.resolve(suite + ".json");
        return Files.exists(raw) ? Optional.of(Results.read(raw)) : Optional.empty();
    }

    private Optional<Double> median(
            String suite, String peer, String work, String load, ToDoubleFunction<Sample> figure)
            throws IOException {
        return results(suite).flatMap(r -> Goals.median(r, peer, work, load, figure));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
