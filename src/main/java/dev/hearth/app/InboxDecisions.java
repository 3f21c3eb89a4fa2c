package dev.hearth.app;

import dev.hearth.storage.Database;
import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxRecords;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What an operator decides on events: named ones, or all that fit a filter.
final class InboxDecisions {
    private InboxDecisions() {}

    /// Which events are meant.
    static final class Choice {
        @Mixin private EventFilter filter = new EventFilter();

        @Parameters(
                arity = "0..*",
                paramLabel = "ID",
                description = "The inbox's ids of events, or the senders'.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--all", description = "All events that fit the filter, or simply all.")
        private boolean all;

        /// The choice, as it was said.
        String words() {
            if (ids.isEmpty()) {
                return filter.isEmpty() ? "all events" : "events with " + filter.words();
            }
            return ids.size() == 1 ? "event " + ids.getFirst() : ids.size() + " events";
        }

        void check() throws StartException {
            if (ids.isEmpty() == (filter.isEmpty() && !all)) {
                throw new StartException(
                        ExitCode.USAGE,
                        "name events by their ids, or by a filter such as --state dead, or say"
                                + " --all");
            }
        }
    }

    /// One decision, on one event or on all that fit.
    abstract static class Decision extends DatabaseCommand {
        @Mixin private Choice choice = new Choice();

        /// What the audit calls it.
        abstract String action();

        /// What is then said of the events.
        abstract String done();

        abstract boolean one(InboxRecords records, String id) throws Exception;

        abstract long all(InboxRecords records, InboxFilter filter, Progress progress)
                throws Exception;

        @Override
        final ExitCode on(Database database) throws Exception {
            choice.check();
            InboxRecords records = new InboxRecords(database, database.clock());
            long changed = 0;
            for (String id : choice.ids) {
                changed += one(records, InboxCommand.find(records, id).id()) ? 1 : 0;
            }
            if (choice.ids.isEmpty()) {
                InboxFilter filter =
                        choice.filter.build(Integer.MAX_VALUE, database.clock().instant());
                changed = all(records, filter, new Progress("events " + done()));
            }
            note(database, action(), choice.words(), changed + " changed");
            System.out.println(
                    json()
                            ? Json.object(done().replace(' ', '_'), changed)
                            : "%,d %s %s"
                                    .formatted(changed, changed == 1 ? "event" : "events", done()));
            return changed >= choice.ids.size() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    @Command(
            name = "replay",
            description = "Have events handled again that are done, ignored or dead.")
    static final class Replay extends Decision {
        @Override
        String action() {
            return "replay";
        }

        @Override
        String done() {
            return "to be handled again";
        }

        @Override
        boolean one(InboxRecords records, String id) throws Exception {
            return records.replay(id);
        }

        @Override
        long all(InboxRecords records, InboxFilter filter, Progress progress) throws Exception {
            return records.replay(filter, progress::reached);
        }
    }

    @Command(
            name = "ignore",
            description = "Give up events that wait or are dead: they are handled no more.")
    static final class Ignore extends Decision {
        @Override
        String action() {
            return "ignore";
        }

        @Override
        String done() {
            return "ignored";
        }

        @Override
        boolean one(InboxRecords records, String id) throws Exception {
            return records.ignore(id);
        }

        @Override
        long all(InboxRecords records, InboxFilter filter, Progress progress) throws Exception {
            return records.ignore(filter, progress::reached);
        }
    }
}
