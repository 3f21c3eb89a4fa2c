package dev.hearth.app;

import dev.hearth.storage.Database;
import dev.hearth.webhook.InboxEntry;
import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxRecords;
import dev.hearth.webhook.InboxState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Looks into the inbox, while Hearth runs or not.
@Command(
        name = "inbox",
        description = "Look into the inbox of webhooks.",
        subcommands = {InboxCommand.ListEvents.class, InboxCommand.Show.class},
        synopsisSubcommandLabel = "COMMAND")
final class InboxCommand implements Callable<Integer> {
    @ParentCommand private @Nullable CommandLineTool tool;

    @SuppressWarnings("UnusedVariable") // the library sets and reads it
    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        return tool().call();
    }

    private CommandLineTool tool() {
        return Objects.requireNonNull(tool);
    }

    private Database open(CommandLineTool.CommonOptions options) throws StartException {
        return Server.openExisting(tool().settings(options));
    }

    @Command(name = "list", description = "List the newest events.")
    static final class ListEvents implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable InboxCommand inbox;

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description =
                        "Only events that are received, processing, retry, done, ignored or dead.")
        private @Nullable String state;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "At most this many; default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        public Integer call() throws Exception {
            InboxFilter filter = filter();
            try (Database database = Objects.requireNonNull(inbox).open(options)) {
                List<InboxEntry> events =
                        new InboxRecords(database, InstantSource.system()).list(filter);
                if (options.json()) {
                    events.forEach(event -> System.out.println(Json.object(members(event))));
                } else {
                    System.out.print(table(events));
                }
            }
            return ExitCode.OK.code();
        }

        private InboxFilter filter() throws StartException {
            try {
                InboxFilter filter = InboxFilter.ALL.atMost(limit);
                return state == null ? filter : filter.in(InboxState.parse(state));
            } catch (IllegalArgumentException wrong) {
                throw new StartException(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
            }
        }
    }

    @Command(name = "show", description = "Show one event and its body.")
    static final class Show implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @ParentCommand private @Nullable InboxCommand inbox;

        @Parameters(
                paramLabel = "ID",
                description = "The inbox's id of the event, or the sender's.")
        private String id = "";

        @Override
        public Integer call() throws Exception {
            try (Database database = Objects.requireNonNull(inbox).open(options)) {
                InboxRecords records = new InboxRecords(database, InstantSource.system());
                InboxEntry event =
                        records.find(id)
                                .orElseThrow(() ->
                                        new StartException(
                                                ExitCode.FAILED,
                                                "there is no event \"%s\" in the inbox"
                                                        .formatted(id)));
                Optional<String> body =
                        records.body(event.id())
                                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
                System.out.print(options.json() ? asJson(event, body) : asText(event, body));
            }
            return ExitCode.OK.code();
        }

        private static String asJson(InboxEntry event, Optional<String> body) {
            Map<String, Object> members = members(event);
            members.put("body", body);
            return Json.object(members) + "\n";
        }

        private static String asText(InboxEntry event, Optional<String> body) {
            StringBuilder text = new StringBuilder();
            members(event)
                    .forEach((name, value) ->
                            text.append("%-12s %s\n".formatted(name, plain(value))));
            return text.append('\n')
                    .append(body.orElse("(the body was cleared)"))
                    .append('\n')
                    .toString();
        }
    }

    private static Object plain(Object value) {
        return value instanceof Optional<?> optional
                ? optional.map(Object::toString).orElse("-")
                : value;
    }

    private static Map<String, Object> members(InboxEntry event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", event.id());
        members.put("source", event.source());
        members.put("external_id", event.externalId());
        members.put("type", event.type());
        members.put("object_id", event.objectId());
        members.put("state", event.state().column());
        members.put("attempts", event.attempts());
        members.put("received_at", event.receivedAt());
        members.put("next_at", event.nextAt());
        members.put("done_at", event.doneAt());
        members.put("last_error", event.lastError());
        return members;
    }

    private static String table(List<InboxEntry> events) {
        if (events.isEmpty()) {
            return "The inbox has no such event.\n";
        }
        StringBuilder text = new StringBuilder();
        text.append(row("RECEIVED", "STATE", "SOURCE", "TYPE", "ID", "TRIES"));
        for (InboxEntry event : events) {
            text.append(
                    row(
                            seconds(event.receivedAt()),
                            event.state().column(),
                            event.source(),
                            event.type(),
                            event.externalId(),
                            Integer.toString(event.attempts())));
        }
        return text.toString();
    }

    private static String row(
            String received, String state, String source, String type, String id, String tries) {
        return "%-20s  %-10s  %-10s  %-32s  %-30s  %s\n"
                .formatted(received, state, source, type, id, tries);
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
