package dev.hearth;

import dev.hearth.app.Application;
import dev.hearth.app.Main;

/// The way into Hearth for a program of one's own.
///
/// {@snippet lang=java :
/// void main(String[] args) {
///     Hearth.run(args, app -> {
///         app.get("/hello", request -> Response.text("Hello, world!"));
///         app.on("stripe", "payment_intent.succeeded", (event, transaction) ->
///                 transaction.update("UPDATE orders SET paid = 1 WHERE payment = ?",
///                         event.objectId().orElseThrow()));
///     });
/// }
/// }
public final class Hearth {
    private Hearth() {}

    /// What makes an application of one's own.
    @FunctionalInterface
    public interface SetUp {

        /// Adds routes and handlers.
        ///
        /// @throws Exception any: the program ends with it, and serves nothing
        void setUp(Application app) throws Exception;
    }

    /// Runs the command in the arguments, `serve` if there is none: the same commands and options as
    /// `bin/hearth`, with this application's routes and handlers. Ends the process when the command is done;
    /// a server is done when it is told to stop (SIGTERM, SIGINT, SIGUSR1).
    ///
    /// @param setUp adds routes and handlers; called once, before anything is served, and only for commands
    ///     that serve
    public static void run(String[] args, SetUp setUp) {
        Main.run(args, app -> call(setUp, app));
    }

    static void call(SetUp setUp, Application app) {
        try {
            setUp.setUp(app);
        } catch (RuntimeException known) {
            throw known; // some are sentences for whoever starts it
        } catch (Exception failed) {
            throw new IllegalStateException("the application could not be set up", failed);
        }
    }
}
