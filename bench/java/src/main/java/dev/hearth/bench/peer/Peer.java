package dev.hearth.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A server that does the same work as the others.
///
/// @param name one word, used on the command line and in the raw results
/// @param scripts the folder of its scripts, for a server that runs one file for each route
/// @param keeps whether a web server should keep its connections: a pool of few processes starves when more connections
///     than processes are kept, so such a pool gets a connection for each request behind a web server
/// @param recipe builds it and says how to start it on a unix socket
public record Peer(String name, String scripts, boolean keeps, Recipe recipe) {

    /// The SCRIPT_FILENAME of a route.
    public String script(String route) {
        return scripts + "/" + route + ".php";
    }

    /// Builds what the peer needs and returns the command that serves on the socket in the foreground.
    @FunctionalInterface
    public interface Recipe {
        Command prepare(Shop shop, Path socket) throws IOException, InterruptedException;
    }

    /// How a peer is started.
    public record Command(List<String> words, Map<String, String> environment) {

        public static Command of(String... words) {
            return new Command(List.of(words), Map.of());
        }

        public static Command of(List<String> words) {
            return new Command(words, Map.of());
        }
    }
}
