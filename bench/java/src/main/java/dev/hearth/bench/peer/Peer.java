package dev.hearth.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A server that does the same work as the others.
///
/// @param name one word, used on the command line and in the raw results
/// @param title what the report calls it
/// @param script the SCRIPT_FILENAME it wants
/// @param recipe builds it and says how to start it on a unix socket
public record Peer(String name, String title, String script, Recipe recipe) {

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
