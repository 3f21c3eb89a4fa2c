package dev.hearth.webhook;

/// Stands around each run of an event's handler, its commit included.
@FunctionalInterface
public interface HandlerLayer {

    /// What stands within.
    @FunctionalInterface
    interface Run {
        boolean call() throws Exception;
    }

    /// Calls the run once, on this thread, and passes on what it gives or throws.
    boolean around(Event event, Run run) throws Exception;
}
