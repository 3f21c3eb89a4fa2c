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
            OutgoingCommand.Retry.class,
            OutgoingCommand.GiveUp.class
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
            OutboxRecords records = new OutboxRecords(database, database.clock());
            List<OutboxEntry> messages = records.list(filter);
            if (json()) {
                messages.forEach(message -> System.out.println(Json.object(members(message))));
            } else {
                System.out.print(table(messages));
                Outgoing.tell(records.waitingForOthersThan(settings().outgoing().keySet()))
                        .forEach(sentence -> System.err.println("hearth: " + sentence));
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

    @Command(
            name = "give-up",
            description =
                    "Give up messages that wait: they are sent no more, unless they are retried.")
    static final class GiveUp extends DatabaseCommand {

        @Parameters(arity = "0..*", paramLabel = "ID", description = "The ids of the messages.")
        private List<String> ids = List.of();

        @Option(
                names = "--endpoint",
                paramLabel = "NAME",
                description = "All that wait for this endpoint, which may be configured no more.")
        private @Nullable String endpoint;

        @Override
        ExitCode on(Database database) throws Exception {
            String to = endpoint;
            if (ids.isEmpty() == (to == null)) {
                throw new StartException(
                        ExitCode.USAGE, "name messages by their ids, or all by --endpoint");
            }
            OutboxRecords records = new OutboxRecords(database, database.clock());
            long given = to == null ? giveUp(records) : records.giveUpAll(to);
            String subject =
                    to != null
                            ? "messages to " + to
                            : ids.size() == 1
                                    ? "message " + ids.getFirst()
                                    : ids.size() + " messages";
            note(database, "give-up", subject, given + " changed");
            System.out.println(
                    json()
                            ? Json.object("given_up", given)
                            : "%,d %s given up"
                                    .formatted(given, given == 1 ? "message" : "messages"));
            return given >= ids.size() ? ExitCode.OK : ExitCode.FAILED;
        }

        private long giveUp(OutboxRecords records) throws Exception {
            long given = 0;
            for (String id : ids) {
                find(records, id);
                given += records.giveUp(id) ? 1 : 0;
            }
            return given;
        }
    }
}
