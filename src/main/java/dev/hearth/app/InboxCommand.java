package dev.hearth.app;

import dev.hearth.storage.Database;
import dev.hearth.webhook.DeadGroup;
import dev.hearth.webhook.DeadLetters;
import dev.hearth.webhook.InboxEntry;
import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxPage;
import dev.hearth.webhook.InboxRecords;
import dev.hearth.webhook.InboxSearch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Looks into the inbox, while Hearth runs or not.
@Command(
        name = "inbox",
        description = "Look into the inbox of webhooks, and decide on events.",
        subcommands = {
            InboxCommand.ListEvents.class,
            InboxCommand.Show.class,
            InboxCommand.Dead.class,
            InboxDecisions.Replay.class,
            InboxDecisions.Ignore.class,
            InboxTransfer.Export.class,
            InboxTransfer.Import.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class InboxCommand extends CommandGroup {
    /// The event with this id.
    static InboxEntry find(InboxRecords records, String id) throws Exception {
        return records.find(id)
                .orElseThrow(() ->
                        new StartException(
                                ExitCode.FAILED,
                                "there is no event \"%s\" in the inbox".formatted(id)));
    }

    @Command(name = "list", description = "List events, the newest first.")
    static final class ListEvents extends DatabaseCommand {
        @Mixin private EventFilter filter = new EventFilter();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "At most this many; default: ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        ExitCode on(Database database) throws Exception {
            List<InboxEntry> events =
                    found(
                            new InboxSearch(database),
                            filter.build(limit, database.clock().instant()));
            if (json()) {
                events.forEach(
                        event -> System.out.println(Json.object(EventOutput.members(event))));
            } else {
                System.out.print(EventOutput.table(events));
            }
            return ExitCode.OK;
        }

        /// Goes on where a page ends early, since here somebody waits who asked for exactly this.
        private static List<InboxEntry> found(InboxSearch search, InboxFilter filter)
                throws Exception {
            Progress progress = new Progress("pages looked at");
            List<InboxEntry> events = new ArrayList<>();
            InboxPage page = search.page(filter);
            events.addAll(page.entries());
            for (int pages = 1;
                    page.next().isPresent() && events.size() < filter.limit();
                    pages++) {
                progress.reached(pages);
                page =
                        search.page(
                                filter.atMost(filter.limit() - events.size())
                                        .after(page.next().get()));
                events.addAll(page.entries());
            }
            return events;
        }
    }

    @Command(name = "show", description = "Show one event, its failed tries and its body.")
    static final class Show extends DatabaseCommand {

        @Parameters(
                paramLabel = "ID",
                description = "The inbox's id of the event, or the sender's.")
        private String id = "";

        @Override
        ExitCode on(Database database) throws Exception {
            InboxRecords records = new InboxRecords(database, database.clock());
            InboxEntry event = find(records, id);
            Optional<String> body =
                    records.body(event.id())
                            .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
            List<InboxEntry.FailedAttempt> failed = records.failedAttempts(event.id());
            System.out.print(json() ? asJson(event, failed, body) : asText(event, failed, body));
            return ExitCode.OK;
        }

        private static String asJson(
                InboxEntry event, List<InboxEntry.FailedAttempt> failed, Optional<String> body) {
            Map<String, Object> members = EventOutput.members(event);
            members.put("failed_attempts", failed.stream().map(Show::members).toList());
            members.put("body", body);
            return Json.object(members) + "\n";
        }

        private static Map<String, Object> members(InboxEntry.FailedAttempt attempt) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("n", attempt.number());
            members.put("started", attempt.started());
            members.put("ended", attempt.ended());
            members.put("outcome", attempt.outcome());
            members.put("error", attempt.error());
            return members;
        }

        private static String asText(
                InboxEntry event, List<InboxEntry.FailedAttempt> failed, Optional<String> body) {
            StringBuilder text = new StringBuilder(EventOutput.lines(EventOutput.members(event)));
            for (InboxEntry.FailedAttempt attempt : failed) {
                text.append(
                        "try %-8d %s %s\n"
                                .formatted(
                                        attempt.number(),
                                        EventOutput.seconds(attempt.started()),
                                        attempt.error().orElse("")));
            }
            return text.append('\n')
                    .append(body.orElse("(the body was cleared)"))
                    .append('\n')
                    .toString();
        }
    }

    @Command(name = "dead", description = "List what dead events died of, the most frequent first.")
    static final class Dead extends DatabaseCommand {
        @Option(
                names = "--replay",
                paramLabel = "ID",
                description =
                        "Have the group handled again that this dead event belongs to; --json shows the"
                                + " id of each group's newest.")
        private @Nullable String member;

        @Override
        ExitCode on(Database database) throws Exception {
            DeadLetters dead = new DeadLetters(database);
            if (member != null) {
                return replay(database, dead, member);
            }
            List<DeadGroup> groups = dead.groups();
            if (json()) {
                groups.forEach(
                        group -> System.out.println(Json.object(EventOutput.members(group))));
            } else {
                System.out.print(EventOutput.groups(groups));
            }
            return ExitCode.OK;
        }

        private ExitCode replay(Database database, DeadLetters dead, String named)
                throws Exception {
            InboxEntry event = find(new InboxRecords(database, database.clock()), named);
            DeadGroup group =
                    dead.groupOf(event.id())
                            .orElseThrow(() ->
                                    new StartException(
                                            ExitCode.FAILED,
                                            "the event \"%s\" is not among the dead"
                                                    .formatted(named)));
            int replayed = dead.replay(group.likeness(), group.oldestId(), group.newestId());
            note(
                    database,
                    "replay dead",
                    "%s %s: %s".formatted(group.source(), group.type(), group.error()),
                    replayed + " put back");
            System.out.println(
                    json()
                            ? Json.object("to_be_handled_again", replayed)
                            : "%,d of %,d events to be handled again: %s"
                                    .formatted(replayed, group.count(), group.error()));
            return ExitCode.OK;
        }
    }
}
