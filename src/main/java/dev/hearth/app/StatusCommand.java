package dev.hearth.app;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Shows how the running Hearth is doing.
@Command(
        name = "status",
        description = "Show how the running Hearth is doing: requests, inbox, process.")
final class StatusCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    @Option(names = "--watch", description = "Go on, every two seconds, until interrupted.")
    private boolean watch;

    @Override
    public Integer call() throws Exception {
        RunningHearth hearth = new RunningHearth(Objects.requireNonNull(tool).settings(options));
        boolean terminal = System.getenv("TERM") != null && !options.json();
        while (true) {
            String json = ask(hearth);
            String shown = options.json() ? json.strip() + "\n" : table(JSON.readTree(json));
            System.out.print(watch && terminal ? CLEAR + shown : shown);
            System.out.flush();
            if (!watch) {
                return ExitCode.OK.code();
            }
            Thread.sleep(PAUSE);
        }
    }

    private static String ask(RunningHearth hearth) throws StartException, InterruptedException {
        Answer answer = hearth.get("/metrics", Map.of("Accept", "application/json"));
        if (answer.status() != 200) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "the running Hearth does not show its metrics (%d): metrics.allow must hold 127.0.0.1, or metrics.token be set for both"
                            .formatted(answer.status()));
        }
        return answer.body();
    }

    private static String table(JsonNode now) {
        StringBuilder text = new StringBuilder();
        line(text, "Up", since(Duration.ofSeconds(now.path("upSeconds").asLong())));
        line(
                text,
                "Requests",
                "%.1f/s, %.1f/s refused, %.1f/s failed"
                        .formatted(
                                number(now, "requests"),
                                number(now, "refusals"),
                                number(now, "errors")));
        line(
                text,
                "Latency",
                "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms"
                        .formatted(number(now, "p50"), number(now, "p95"), number(now, "p99")));
        inbox(text, now);
        JsonNode engine = now.path("engine");
        if (engine.isObject()) {
            line(
                    text,
                    "FastCGI",
                    "%d connections, %d in progress, %d wait, %d threads"
                            .formatted(
                                    engine.path("connections").asInt(),
                                    engine.path("running").asInt(),
                                    engine.path("waiting").asInt(),
                                    engine.path("threads").asInt()));
        }
        for (JsonNode pool : now.path("pools")) {
            line(
                    text,
                    "Pool",
                    "%s: %d of %d in use, %d threads wait"
                            .formatted(
                                    pool.path("name").asString(),
                                    pool.path("active").asInt(),
                                    pool.path("most").asInt(),
                                    pool.path("waiting").asInt()));
        }
        line(
                text,
                "Heap",
                "%d of %d MB, %d ms collecting"
                        .formatted(
                                now.path("heapUsed").asLong() >> 20,
                                now.path("heapMost").asLong() >> 20,
                                now.path("gcMillis").asLong()));
        line(text, "Processor", "%.0f %% of one".formatted(number(now, "cpu") * 100));
        return text.toString();
    }

    private static void inbox(StringBuilder text, JsonNode now) {
        if (!now.path("databaseUp").asBoolean()) {
            line(text, "Inbox", "the database does not answer");
            return;
        }
        line(
                text,
                "Inbox",
                "%d wait, %d to be tried again, %d given up, oldest %.0f s"
                        .formatted(
                                now.path("waiting").asLong(),
                                now.path("retrying").asLong(),
                                now.path("dead").asLong(),
                                number(now, "oldestSeconds")));
        line(
                text,
                "Events",
                "%.1f/s stored, %.1f/s handled, %.1f/s failed, %.1f per commit"
                        .formatted(
                                number(now, "stored"),
                                number(now, "handled"),
                                number(now, "failed"),
                                number(now, "batch")));
        line(
                text,
                "Outgoing",
                "%d to deliver, %d calls to Stripe without an outcome"
                        .formatted(
                                now.path("outgoing").asLong(), now.path("unknownCalls").asLong()));
    }

    private static String since(Duration up) {
        return "%d d %02d:%02d:%02d"
                .formatted(up.toDays(), up.toHoursPart(), up.toMinutesPart(), up.toSecondsPart());
    }

    private static double number(JsonNode now, String member) {
        return now.path(member).asDouble();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-10s %s\n".formatted(name, value));
    }
}
