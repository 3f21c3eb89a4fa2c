package dev.hearth.app;

import dev.hearth.storage.CannotStartException;
import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.webhook.Endpoint;
import dev.hearth.webhook.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// Tells whether Hearth could serve with this configuration, without serving.
@Command(
        name = "check",
        description = "Check the configuration, the data folder, the secrets and the database.")
final class CheckCommand implements Callable<Integer> {
    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    private record Finding(boolean good, String what, String detail) {}

    @Override
    public Integer call() throws Exception {
        Settings settings = Objects.requireNonNull(tool).settings(options);
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(true, "configuration", "read"));
        settings.notices().forEach(notice -> findings.add(new Finding(true, "note", notice)));
        try {
            DataFolder.open(settings.data());
            findings.add(
                    new Finding(true, "data folder", settings.data().toAbsolutePath().toString()));
            Listeners.addresses(settings)
                    .forEach(address ->
                            findings.add(new Finding(true, "listen", address.toString())));
            for (Source source : Sources.of(settings, false)) {
                findings.add(secret(settings, source));
            }
            Articles.of(settings)
                    .ifPresent(catalogue ->
                            findings.add(
                                    new Finding(
                                            true,
                                            "catalogue",
                                            catalogue.articles().size() + " articles")));
            Till.look(settings)
                    .ifPresent(payments ->
                            findings.add(
                                    new Finding(true, "payments", "to " + payments.apiBase())));
            for (Endpoint endpoint : Outgoing.of(settings)) {
                findings.add(
                        new Finding(true, "outgoing " + endpoint.name(), endpoint.authority()));
            }
            findings.add(database(settings));
        } catch (StartException wrong) {
            findings.add(new Finding(false, "failed", String.valueOf(wrong.getMessage())));
        }
        findings.forEach(this::print);
        return findings.stream().allMatch(Finding::good)
                ? ExitCode.OK.code()
                : ExitCode.CONFIG.code();
    }

    private static Finding secret(Settings settings, Source source) {
        String what = "webhook " + source.name();
        if (source.isReady()) {
            return new Finding(true, what, "has a secret");
        }
        return settings.webhooks().isEmpty()
                ? new Finding(true, what, "its secret will be made by the first serve")
                : new Finding(false, what, "has no secret: its route would answer 503");
    }

    private static Finding database(Settings settings) throws StartException {
        try (Database database = Server.open(Server.location(settings))) {
            return new Finding(true, "database", where(database.location()));
        } catch (CannotStartException wrong) {
            return new Finding(false, "database", String.valueOf(wrong.getMessage()));
        }
    }

    private static String where(DatabaseLocation location) {
        return switch (location) {
            case DatabaseLocation.SqliteFile(Path file) ->
                    file.toAbsolutePath().normalize().toString();
            case DatabaseLocation.PostgreSql server -> server.toString();
        };
    }

    private void print(Finding finding) {
        System.out.println(
                options.json()
                        ? Json.object(
                                "ok", finding.good, "what", finding.what, "detail", finding.detail)
                        : "%-6s %-16s %s"
                                .formatted(
                                        finding.good ? "ok" : "WRONG",
                                        finding.what,
                                        finding.detail));
    }
}
