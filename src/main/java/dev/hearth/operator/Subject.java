package dev.hearth.operator;

import dev.hearth.jobs.JobRecords;
import dev.hearth.metrics.Pulse;
import dev.hearth.metrics.Readiness;
import dev.hearth.metrics.Vitals;
import dev.hearth.payment.Payments;
import dev.hearth.storage.Database;
import dev.hearth.web.Route;
import dev.hearth.webhook.Inbox;
import dev.hearth.webhook.Outbox;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What the site is about: the running Hearth, as its pages need it.
///
/// @param routes asked for when a page shows them: the site's own are among them
/// @param configuration every key, with its value where that is no secret; asked for when a page shows it
public record Subject(
        Database database,
        Inbox inbox,
        Outbox outbox,
        Optional<Payments> payments,
        JobRecords jobs,
        Vitals vitals,
        Pulse pulse,
        Readiness readiness,
        Supplier<List<Route>> routes,
        Supplier<List<ConfigurationLine>> configuration,
        LogLevel logLevel) {

    /// A key of the configuration.
    ///
    /// @param value as it was given; of a secret only that it is set; empty where the default counts
    /// @param origin where the value came from
    public record ConfigurationLine(String key, String value, String origin, String meaning) {}

    /// How much is logged, to be looked at and changed while the program runs.
    public interface LogLevel {
        /// Those that there are.
        List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

        /// The one that counts now.
        String get();

        /// Changes it, until the next start.
        void set(String level);
    }
}
