package dev.hearth.app;

import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// Looks for what keeps Hearth from working well, and says what to do about each thing. Changes nothing.
@Command(
        name = "doctor",
        description = {
            "Look for what keeps Hearth from working well, on this machine and in front of it.",
            "Ends with 1 if something is wrong."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final List<Path> APACHE_SITES =
            List.of(Path.of("/etc/apache2/sites-enabled"), Path.of("/etc/httpd/conf.d"));

    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where the front server is, such as https://shop.example: asked for /healthz.")
    private @Nullable String url;

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Settings settings = Objects.requireNonNull(tool).settings(options);
        settings.notices().forEach(notice -> findings.add(Finding.hint("configuration", notice)));
        data(settings);
        database(settings);
        process(settings);
        findings.addAll(Checkup.apache(APACHE_SITES));
        Optional<String> front = Optional.ofNullable(url);
        if (front.isPresent()) {
            front(settings, front.get());
        }
        findings.forEach(this::print);
        return findings.stream().anyMatch(Finding::isWrong)
                ? ExitCode.FAILED.code()
                : ExitCode.OK.code();
    }

    private void check(boolean ok, String what, String detail) {
        findings.add(ok ? Finding.ok(what, detail) : Finding.wrong(what, detail));
    }

    private void data(Settings settings) {
        Path folder = settings.data().toAbsolutePath().normalize();
        findings.add(Checkup.dataFolder(folder));
        if (Files.isDirectory(folder)) {
            findings.add(Checkup.space(folder.toFile().getUsableSpace()));
        }
        findings.addAll(Checkup.permissions(folder));
    }

    private void database(Settings settings) {
        try (Database database = Server.openExisting(settings)) {
            check(true, "database", "answers, and its schema is the one of this program");
            findings.add(
                    Checkup.clock(Duration.between(Instant.now(), database.clock().instant())));
        } catch (StartException none) {
            findings.add(Finding.hint("database", String.valueOf(none.getMessage())));
        } catch (CannotStartException wrong) {
            check(false, "database", String.valueOf(wrong.getMessage()));
        }
    }

    private void process(Settings settings) throws InterruptedException {
        RunningHearth hearth = new RunningHearth(settings);
        try {
            Answer alive = hearth.get("/healthz", Map.of());
            check(alive.status() == 200, "process", "answers with %d".formatted(alive.status()));
            Answer ready = hearth.get("/readyz", Map.of());
            check(ready.status() == 200, "readiness", ready.body().strip());
        } catch (StartException notRunning) {
            check(false, "process", String.valueOf(notRunning.getMessage()));
        }
    }

    /// What the front server lets through.
    private void front(Settings settings, String address) throws InterruptedException {
        String base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        try {
            Answer alive = RunningHearth.overHttp(URI.create(base + "/healthz"), Map.of());
            check(
                    alive.status() == 200,
                    "front server",
                    "%s/healthz is answered with %d".formatted(base, alive.status()));
            Optional<Secret> token = settings.watching().metricsToken();
            if (token.isPresent()) {
                Answer metrics =
                        RunningHearth.overHttp(
                                URI.create(base + "/metrics"),
                                Map.of(
                                        "Authorization",
                                        "Bearer " + token.get().value(),
                                        "Via", // or our address alone would do
                                        "1.1 hearth-doctor"));
                check(
                        metrics.status() == 200,
                        "Authorization",
                        metrics.status() == 200
                                ? "arrives"
                                : "does not arrive: the front server withholds it (Apache: CGIPassAuth On)");
            }
        } catch (IOException | IllegalArgumentException unreachable) {
            check(
                    false,
                    "front server",
                    "%s does not answer: %s".formatted(base, unreachable.getMessage()));
        }
    }

    private void print(Finding finding) {
        String weight = finding.weight().name().toLowerCase(Locale.ROOT);
        System.out.println(
                options.json()
                        ? Json.object(
                                "weight",
                                weight,
                                "what",
                                finding.what(),
                                "detail",
                                finding.detail())
                        : "%-6s %-14s %s"
                                .formatted(
                                        finding.isWrong() ? "WRONG" : weight,
                                        finding.what(),
                                        finding.detail()));
    }
}
