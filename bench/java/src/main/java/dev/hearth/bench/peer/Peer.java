package dev.hearth.bench.peer;

import dev.hearth.bench.load.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A server that does the same work as the others.
///
/// @param name one word, used on the command line and in the raw results
/// @param protocol what it speaks to the web server in front
/// @param tcp whether it listens on a port of the loopback; else on a unix socket
/// @param scripts the file that answers a route, with `$uri` in its place, for a server that runs one file for each
/// @param keeps whether a web server should keep its connections: a pool of few processes starves when more connections
///     than processes are kept, so such a pool gets a connection for each request behind a web server
/// @param works what it can do
/// @param recipe builds it and says how to start it
public record Peer(
        String name,
        Target.Protocol protocol,
        boolean tcp,
        String scripts,
        boolean keeps,
        Set<Work> works,
        Recipe recipe) {

    private static final String NO_SCRIPTS = "/var/www/html$uri.php";

    /// What may be asked of a peer.
    public enum Work {
        HELLO,
        JSON,
        BODIES
    }

    /// A server that speaks FastCGI on a unix socket, keeps connections, and answers `GET /hello`.
    public static Peer fastCgi(String name, Recipe recipe) {
        return new Peer(
                name, Target.Protocol.FASTCGI, false, NO_SCRIPTS, true, Set.of(Work.HELLO), recipe);
    }

    /// A server that speaks HTTP on a unix socket, keeps connections, and answers `GET /hello`.
    public static Peer http(String name, Recipe recipe) {
        return new Peer(
                name, Target.Protocol.HTTP, false, NO_SCRIPTS, true, Set.of(Work.HELLO), recipe);
    }

    public Peer overTcp() {
        return new Peer(name, protocol, true, scripts, keeps, works, recipe);
    }

    /// Few processes, each with one connection at a time.
    public Peer asPool() {
        return new Peer(name, protocol, tcp, scripts, false, works, recipe);
    }

    /// With this file for a route; `$uri` in it stands for the route.
    public Peer withScripts(String file) {
        return new Peer(name, protocol, tcp, file, keeps, works, recipe);
    }

    public Peer doing(Work... these) {
        return new Peer(name, protocol, tcp, scripts, keeps, Set.of(these), recipe);
    }

    /// The same, with something done before each start.
    public Peer after(Step step) {
        return new Peer(
                name,
                protocol,
                tcp,
                scripts,
                keeps,
                works,
                (shop, address) -> {
                    step.run(shop);
                    return recipe.prepare(shop, address);
                });
    }

    /// Something to be done in the shop.
    @FunctionalInterface
    public interface Step {
        void run(Shop shop) throws IOException, InterruptedException;
    }

    /// The SCRIPT_FILENAME of a route.
    public String script(String route) {
        return scripts.replace("$uri", "/" + route);
    }

    /// Where this peer can listen now.
    public Address address(Shop shop) throws IOException {
        return tcp ? Address.freePort() : Address.unix(shop.socket(name));
    }

    /// Builds what the peer needs and returns the command that serves there in the foreground.
    @FunctionalInterface
    public interface Recipe {
        Command prepare(Shop shop, Address address) throws IOException, InterruptedException;
    }

    /// How a peer is started.
    ///
    /// @param gcLog where it writes its collections, for a JVM
    public record Command(
            List<String> words, Map<String, String> environment, Optional<Path> gcLog) {

        public static Command of(String... words) {
            return of(List.of(words));
        }

        public static Command of(List<String> words) {
            return new Command(words, Map.of(), Optional.empty());
        }

        /// The same with these variables besides.
        public Command with(Map<String, String> variables) {
            Map<String, String> all = new HashMap<>(environment);
            all.putAll(variables);
            return new Command(words, all, gcLog);
        }

        /// The same on these processors only, as `taskset -c` names them.
        public Command pinnedTo(String processors) {
            List<String> pinned = new ArrayList<>(List.of("taskset", "-c", processors));
            pinned.addAll(words);
            return new Command(pinned, environment, gcLog);
        }
    }
}
