package dev.hearth.app;

import dev.hearth.storage.Database;
import dev.hearth.webhook.InboxFilter;
import dev.hearth.webhook.InboxRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

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

        void check() throws StartException {
            if (ids.isEmpty() == (filter.isEmpty() && !all)) {
                throw new StartException(
                        ExitCode.USAGE,
                        "name events by their ids, or by a filter such as --state dead, or say"
                                + " --all");
            }
        }
    }

    /// One change of one event, or of all that fit.
    private interface Change {
        boolean one(String id) throws Exception;

        long all(InboxFilter filter, Progress progress) throws Exception;
    }

    private static int apply(
            Choice choice, Database database, boolean json, String done, Change change)
            throws Exception {
        InboxRecords records = new InboxRecords(database, database.clock());
        long changed = 0;
        for (String id : choice.ids) {
            changed += change.one(InboxCommand.find(records, id).id()) ? 1 : 0;
        }
        if (choice.ids.isEmpty()) {
            InboxFilter filter = choice.filter.build(Integer.MAX_VALUE, database.clock().instant());
            changed = change.all(filter, new Progress("events " + done));
        }
        System.out.println(
                json
                        ? Json.object(done.replace(' ', '_'), changed)
                        : "%,d %s %s".formatted(changed, changed == 1 ? "event" : "events", done));
        return changed >= choice.ids.size() ? ExitCode.OK.code() : ExitCode.FAILED.code();
    }

    @Command(
            name = "replay",
            description = "Have events handled again that are done, ignored or dead.")
    static final class Replay implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @Mixin private Choice choice = new Choice();
        @ParentCommand private @Nullable InboxCommand inbox;

        @Override
        public Integer call() throws Exception {
            choice.check();
            try (Database database = Objects.requireNonNull(inbox).open(options)) {
                InboxRecords records = new InboxRecords(database, database.clock());
                return apply(
                        choice,
                        database,
                        options.json(),
                        "to be handled again",
                        new Change() {
                            @Override
                            public boolean one(String id) throws Exception {
                                return records.replay(id);
                            }

                            @Override
                            public long all(InboxFilter filter, Progress progress)
                                    throws Exception {
                                return records.replay(filter, progress::reached);
                            }
                        });
            }
        }
    }

    @Command(
            name = "ignore",
            description = "Give up events that wait or are dead: they are handled no more.")
    static final class Ignore implements Callable<Integer> {
        @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
        @Mixin private Choice choice = new Choice();
        @ParentCommand private @Nullable InboxCommand inbox;

        @Override
        public Integer call() throws Exception {
            choice.check();
            try (Database database = Objects.requireNonNull(inbox).open(options)) {
                InboxRecords records = new InboxRecords(database, database.clock());
                return apply(
                        choice,
                        database,
                        options.json(),
                        "ignored",
                        new Change() {
                            @Override
                            public boolean one(String id) throws Exception {
                                return records.ignore(id);
                            }

                            @Override
                            public long all(InboxFilter filter, Progress progress)
                                    throws Exception {
                                return records.ignore(filter, progress::reached);
                            }
                        });
            }
        }
    }
}
