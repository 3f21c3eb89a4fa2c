package dev.hearth.app;

import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 100L << 20;
    private static final Duration MUCH_SKEW = Duration.ofSeconds(5);
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

    private enum Weight {
        OK,
        HINT,
        WRONG
    }

    private record Finding(Weight weight, String what, String detail) {}

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Settings settings = Objects.requireNonNull(tool).settings(options);
        settings.notices().forEach(notice -> add(Weight.HINT, "configuration", notice));
        data(settings);
        secrets(settings);
        database(settings);
        process(settings);
        apache();
        Optional<String> front = Optional.ofNullable(url);
        if (front.isPresent()) {
            front(settings, front.get());
        }
        findings.forEach(this::print);
        return findings.stream().anyMatch(finding -> finding.weight == Weight.WRONG)
                ? ExitCode.FAILED.code()
                : ExitCode.OK.code();
    }

    private void add(Weight weight, String what, String detail) {
        findings.add(new Finding(weight, what, detail));
    }

    private void data(Settings settings) throws IOException {
        Path folder = settings.data().toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            add(Weight.HINT, "data folder", folder + " is not there yet: the first start makes it");
            return;
        }
        boolean writable = Files.isWritable(folder);
        add(
                writable ? Weight.OK : Weight.WRONG,
                "data folder",
                folder + (writable ? "" : " cannot be written to by this user"));
        long usable = Files.getFileStore(folder).getUsableSpace();
        Weight weight =
                usable < NO_SPACE ? Weight.WRONG : usable < LITTLE_SPACE ? Weight.HINT : Weight.OK;
        add(weight, "disk space", "%d MiB are free".formatted(usable >> 20));
    }

    /// Secrets and the database are their owner's alone.
    private void secrets(Settings settings) throws IOException {
        if (!Files.isDirectory(settings.data())) {
            return;
        }
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(settings.data(), "{*.secret,*.key,hearth.db}")) {
            for (Path file : files) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                boolean open =
                        permissions.contains(PosixFilePermission.OTHERS_READ)
                                || permissions.contains(PosixFilePermission.GROUP_READ);
                add(
                        open ? Weight.WRONG : Weight.OK,
                        "permissions",
                        "%s: %s%s"
                                .formatted(
                                        file.getFileName(),
                                        PosixFilePermissions.toString(permissions),
                                        open ? "; others can read it: chmod 600 " + file : ""));
            }
        }
    }

    private void database(Settings settings) {
        try (Database database = Server.openExisting(settings)) {
            add(Weight.OK, "database", "answers, and its schema is the one of this program");
            Duration skew = Duration.between(Instant.now(), database.clock().instant()).abs();
            add(
                    skew.compareTo(MUCH_SKEW) > 0 ? Weight.WRONG : Weight.OK,
                    "clock",
                    "%d ms from the database's%s"
                            .formatted(
                                    skew.toMillis(),
                                    skew.compareTo(MUCH_SKEW) > 0
                                            ? ": signatures look old or from the future; let the machine keep time (NTP)"
                                            : ""));
        } catch (StartException none) {
            add(Weight.HINT, "database", String.valueOf(none.getMessage()));
        } catch (CannotStartException wrong) {
            add(Weight.WRONG, "database", String.valueOf(wrong.getMessage()));
        }
    }

    private void process(Settings settings) throws InterruptedException {
        RunningHearth hearth = new RunningHearth(settings);
        try {
            Answer alive = hearth.get("/healthz", Map.of());
            add(
                    alive.status() == 200 ? Weight.OK : Weight.WRONG,
                    "process",
                    "answers with %d".formatted(alive.status()));
            Answer ready = hearth.get("/readyz", Map.of());
            add(
                    ready.status() == 200 ? Weight.OK : Weight.WRONG,
                    "readiness",
                    ready.body().strip());
        } catch (StartException notRunning) {
            add(Weight.WRONG, "process", String.valueOf(notRunning.getMessage()));
        }
    }

    /// Apache keeps the Authorization header from applications unless it is told otherwise.
    private void apache() throws IOException {
        for (Path sites : APACHE_SITES) {
            if (!Files.isDirectory(sites)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(sites, "*.conf")) {
                for (Path file : files) {
                    String text = Files.readString(file);
                    boolean ours = text.contains("hearth");
                    boolean passes =
                            text.contains("CGIPassAuth") || text.contains("HTTP_AUTHORIZATION");
                    if (ours && !passes) {
                        add(
                                Weight.WRONG,
                                "apache",
                                file
                                        + " withholds Authorization: add CGIPassAuth On, or API keys never arrive");
                    }
                }
            }
        }
    }

    /// What the front server lets through.
    private void front(Settings settings, String address) throws InterruptedException {
        String base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        try {
            Answer alive = RunningHearth.overHttp(URI.create(base + "/healthz"), Map.of());
            add(
                    alive.status() == 200 ? Weight.OK : Weight.WRONG,
                    "front server",
                    "%s/healthz is answered with %d".formatted(base, alive.status()));
            Optional<Secret> token = settings.watching().metricsToken();
            if (token.isPresent()) {
                Answer metrics =
                        RunningHearth.overHttp(
                                URI.create(base + "/metrics"),
                                Map.of("Authorization", "Bearer " + token.get().value()));
                add(
                        metrics.status() == 200 ? Weight.OK : Weight.WRONG,
                        "Authorization",
                        metrics.status() == 200
                                ? "arrives"
                                : "does not arrive: the front server withholds it (Apache: CGIPassAuth On)");
            }
        } catch (IOException | IllegalArgumentException unreachable) {
            add(
                    Weight.WRONG,
                    "front server",
                    "%s does not answer: %s".formatted(base, unreachable.getMessage()));
        }
    }

    private void print(Finding finding) {
        String weight = finding.weight.name().toLowerCase(Locale.ROOT);
        System.out.println(
                options.json()
                        ? Json.object(
                                "weight", weight, "what", finding.what, "detail", finding.detail)
                        : "%-6s %-14s %s"
                                .formatted(
                                        finding.weight == Weight.WRONG ? "WRONG" : weight,
                                        finding.what,
                                        finding.detail));
    }
}
