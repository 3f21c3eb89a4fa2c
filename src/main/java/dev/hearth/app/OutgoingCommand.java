package dev.hearth.app;

import dev.hearth.storage.Database;
import dev.hearth.webhook.OutboxEntry;
import dev.hearth.webhook.OutboxFilter;
import dev.hearth.webhook.OutboxRecords;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks after the webhooks that are sent, while Hearth runs or not.
@Command(
        name = "outgoing",
        description = "Look after the webhooks that are sent, and their attempts.",
        subcommands = {
            OutgoingCommand.ListMessages.class,
            OutgoingCommand.Show.class,
            OutgoingCommand.Retry.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class OutgoingCommand extends CommandGroup {
    private static Map<String, Object> members(OutboxEntry message) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", message.id());
        members.put("endpoint", message.endpoint());
        members.put("type", message.type());
        members.put("state", message.state());
        members.put("attempts", message.attempts());
        members.put("created", message.createdAt());
        members.put("next_at", message.nextAt());
        members.put("last_error", message.lastError());
        members.put("tries", message.tries().stream().map(OutgoingCommand::members).toList());
        return members;
    }

    private static Map<String, Object> members(OutboxEntry.Try attempt) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("n", attempt.number());
        members.put("started", attempt.started());
        members.put("ended", attempt.ended());
        members.put("status", attempt.status());
        members.put("error", attempt.error());
        return members;
    }

    private static OutboxEntry find(OutboxRecords records, String id) throws Exception {
        return records.find(id)
                .orElseThrow(() ->
                        new StartException(
                                ExitCode.FAILED, "there is no message \"%s\"".formatted(id)));
    }

    @Command(name = "list", description = "List messages, the newest first.")
    static final class ListMessages extends DatabaseCommand {

        @Option(names = "--endpoint", paramLabel = "NAME", description = "Only to this endpoint.")
        private @Nullable String endpoint;

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only messages that are waiting, sending, delivered or dead.")
        private @Nullable String state;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "At most this many; default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        ExitCode on(Database database) throws Exception {
            OutboxFilter filter = filter();
            List<OutboxEntry> messages = new OutboxRecords(database, database.clock()).list(filter);
            if (json()) {
                messages.forEach(message -> System.out.println(Json.object(members(message))));
            } else {
                System.out.print(table(messages));
            }
            return ExitCode.OK;
        }

        private OutboxFilter filter() throws StartException {
            try {
                OutboxFilter filter = OutboxFilter.ALL.atMost(limit);
                filter = endpoint == null ? filter : filter.to(endpoint);
                return state == null ? filter : filter.in(state);
            } catch (IllegalArgumentException wrong) {
                throw misused(wrong);
            }
        }

        private static String table(List<OutboxEntry> messages) {
            if (messages.isEmpty()) {
                return "No such message was written.\n";
            }
            String format = "%-20s  %-10s  %-16s  %-28s  %-40s  %-5s  %s\n";
            StringBuilder text = new StringBuilder();
            text.append(
                    format.formatted(
                            "CREATED", "STATE", "ENDPOINT", "TYPE", "ID", "TRIES", "LAST ERROR"));
            for (OutboxEntry message : messages) {
                text.append(
                        format.formatted(
                                EventOutput.seconds(message.createdAt()),
                                message.state(),
                                message.endpoint(),
                                message.type(),
                                message.id(),
                                message.attempts(),
                                message.lastError().orElse("")));
            }
            return text.toString();
        }
    }

    @Command(name = "show", description = "Show one message, its attempts and its body.")
    static final class Show extends DatabaseCommand {

        @Parameters(paramLabel = "ID", description = "The id of the message.")
        private String id = "";

        @Override
        ExitCode on(Database database) throws Exception {
            OutboxRecords records = new OutboxRecords(database, database.clock());
            OutboxEntry message = find(records, id);
            Map<String, Object> members = members(message);
            String body =
                    records.body(id)
                            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                            .orElse("");
            if (json()) {
                members.put("body", body);
                System.out.println(Json.object(members));
            } else {
                members.remove("tries");
                StringBuilder text = new StringBuilder(EventOutput.lines(members));
                for (OutboxEntry.Try attempt : message.tries()) {
                    text.append(
                            "try %-8d %s %s\n"
                                    .formatted(
                                            attempt.number(),
                                            EventOutput.seconds(attempt.started()),
                                            attempt.error()
                                                    .orElse("answered " + attempt.status())));
                }
                System.out.print(text.append('\n').append(body).append('\n'));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "retry", description = "Send messages again that were delivered or given up.")
    static final class Retry extends DatabaseCommand {

        @Parameters(arity = "1..*", paramLabel = "ID", description = "The ids of the messages.")
        private List<String> ids = List.of();

        @Override
        ExitCode on(Database database) throws Exception {
            OutboxRecords records = new OutboxRecords(database, database.clock());
            int retried = 0;
            for (String id : ids) {
                find(records, id);
                boolean done = records.retry(id);
                note(database, "retry", "message " + id, done ? "done" : "unchanged");
                retried += done ? 1 : 0;
            }
            System.out.println(
                    json()
                            ? Json.object("retried", retried)
                            : "%d of %d to be sent again".formatted(retried, ids.size()));
            return retried == ids.size() ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
