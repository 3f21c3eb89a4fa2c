package dev.hearth.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every list of payments, subscriptions or invoices can be narrowed by.
final class ListOptions {
    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "Only those with this in the order reference, or with this id.")
    private @Nullable String text;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Those that are older than this one: the next page.")
    private @Nullable String after;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most this many; default: ${DEFAULT-VALUE}.")
    private int limit;

    /// A part of the order reference, or the whole of an id.
    Optional<String> text() {
        return Optional.ofNullable(text);
    }

    /// The last row of the page before.
    Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /// Not checked.
    int limit() {
        return limit;
    }
}
