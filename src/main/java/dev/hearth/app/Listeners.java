package dev.hearth.app;

import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/// The sockets on which FastCGI is spoken. Opened before everything else: what connects while the rest
/// starts waits in the kernel, and an address in use is found before anything is changed.
final class Listeners implements AutoCloseable {
    private static final List<ListenAddress> INHERITED = List.of(new ListenAddress.Inherited());

    private final List<Listener> listeners = new ArrayList<>();

    private Listeners() {}

    static Listeners open(Settings settings) throws StartException {
        Listeners opened = new Listeners();
        try {
            for (ListenAddress address :
                    isStartedByWebServer(settings) ? INHERITED : addresses(settings)) {
                opened.listeners.add(address.open());
            }
            return opened;
        } catch (IOException taken) {
            opened.close();
            throw new StartException(
                    ExitCode.TEMPORARY,
                    "%s; choose another address with --listen".formatted(taken.getMessage()),
                    taken);
        }
    }

    /// Whether a web server or systemd started this process with a listening socket as file descriptor 0, and
    /// nobody configured another (FastCGI 1.0 section 2.2).
    static boolean isStartedByWebServer(Settings settings) {
        return !settings.isSet("listen") && isSocketInherited();
    }

    /// Whether file descriptor 0 is a listening socket.
    static boolean isSocketInherited() {
        try {
            if (isSurelyNoSocket()) {
                return false;
            }
            return System.inheritedChannel() instanceof ServerSocketChannel;
        } catch (IOException unusable) {
            LoggerFactory.getLogger(Listeners.class)
                    .warn("file descriptor 0 is a socket that cannot be used", unusable);
            return false;
        }
    }

    /// Asks the kernel first, where it tells: opening what may be a channel costs a CGI program milliseconds.
    private static boolean isSurelyNoSocket() {
        try {
            Path opened = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
            return !opened.toString().startsWith("socket:");
        } catch (IOException untold) {
            return false;
        }
    }

    /// The addresses, as configured.
    static List<ListenAddress> addresses(Settings settings) throws StartException {
        List<ListenAddress> addresses = new ArrayList<>();
        for (String text : settings.listen()) {
            try {
                addresses.add(equipped(ListenAddress.parse(text), settings.fastCgi()));
            } catch (IllegalArgumentException wrong) {
                throw new StartException(
                        ExitCode.CONFIG,
                        "%s: \"listen\": %s"
                                .formatted(settings.origins().get("listen"), wrong.getMessage()),
                        wrong);
            }
        }
        return addresses;
    }

    private static ListenAddress equipped(ListenAddress address, Settings.FastCgi fastCgi) {
        return address instanceof ListenAddress.Unix(Path path, _, _)
                ? new ListenAddress.Unix(path, fastCgi.socketPermissions(), fastCgi.socketGroup())
                : address;
    }

    List<ServerSocketChannel> channels() {
        return listeners.stream().map(Listener::channel).toList();
    }

    /// Where they listen, for people.
    List<String> names() {
        return listeners.stream().map(listener -> listener.address().toString()).toList();
    }

    /// Closes the sockets and removes the files of those that have one.
    @Override
    public void close() {
        for (Listener listener : listeners) {
            try {
                listener.close();
            } catch (IOException alreadyGone) {
                LoggerFactory.getLogger(Listeners.class)
                        .warn("{} could not be closed", listener.address(), alreadyGone);
            }
        }
    }
}
