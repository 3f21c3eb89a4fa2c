package dev.hearth.app;

import dev.hearth.fastcgi.FastCgiServer;
import dev.hearth.fastcgi.ListenAddress;
import dev.hearth.fastcgi.Listener;
import dev.hearth.service.Adoption;
import dev.hearth.service.PassedSockets;
import dev.hearth.service.SocketName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sockets on which FastCGI is spoken. Opened before everything else: what connects while the rest
/// starts waits in the kernel, and an address in use is found before anything is changed.
final class Listeners implements AutoCloseable {
    private static final List<ListenAddress> INHERITED = List.of(new ListenAddress.Inherited());

    private final List<Listener> listeners = new ArrayList<>();
    // By identity: the hash of a record would be spun at the first use, within the start.
    private final IdentityHashMap<ListenAddress, SocketOwner> owners = new IdentityHashMap<>();
    // How often in a row the file of a socket was not in its place.
    private final IdentityHashMap<ListenAddress, Integer> missed = new IdentityHashMap<>();
    private boolean closed;
    private final boolean passed;
    private boolean tookOver;
    private Optional<HttpSocket> http = Optional.empty();

    /// One that was passed for HTTP, and where it is bound.
    private record HttpSocket(ServerSocketChannel channel, Optional<HostPort> bound) {}

    private Listeners(boolean passed) {
        this.passed = passed;
    }

    /// Opens those that were passed to this process, else those that are configured; with `--take-over` in place
    /// of the process that serves them, which is asked to end.
    static Listeners open(Settings settings, Invocation invocation) throws StartException {
        List<ListenAddress> passed =
                settings.isSet("listen") ? List.of() : passed(settings, invocation.environment());
        boolean inherited =
                passed.isEmpty()
                        && ((!settings.isSet("listen") && wasMovedByLauncher())
                                || isStartedByWebServer(settings)
                                || asksForInherited(settings));
        boolean any =
                invocation.environment().containsKey("LISTEN_FDS") && !settings.isSet("listen");
        Listeners opened = new Listeners(inherited || any);
        try {
            if (opened.passed) {
                for (ListenAddress address : inherited ? INHERITED : passed) {
                    opened.listeners.add(address.open());
                }
                opened.requireGuarded(settings);
                opened.http = passedHttp(settings, invocation.environment());
            } else {
                List<ListenAddress> addresses = addresses(settings);
                warnOfPassed(addresses, invocation.environment());
                for (ListenAddress address : addresses) {
                    opened.open(address, invocation.options().takeOver());
                }
            }
            return opened;
        } catch (ListenAddress.NotListeningException wrong) {
            opened.close();
            throw new StartException(
                    ExitCode.CONFIG,
                    "%s; start it by what passes one (systemd, spawn-fcgi, a web server), or name an address with --listen"
                            .formatted(wrong.getMessage()),
                    wrong);
        } catch (ListenAddress.UnusablePathException unusable) {
            opened.close();
            throw notListening(ExitCode.CANNOT_CREATE, unusable);
        } catch (IOException taken) {
            opened.close();
            throw notListening(ExitCode.TEMPORARY, taken);
        }
    }

    /// Who connects to a socket that was passed for nothing waits until the other end gives up.
    private static void warnOfPassed(
            List<ListenAddress> addresses, Map<String, String> environment) {
        boolean served = addresses.stream().anyMatch(ListenAddress.Inherited.class::isInstance);
        if (!served && (environment.containsKey("LISTEN_FDS") || wasMovedByLauncher())) {
            LoggerFactory.getLogger(Listeners.class)
                    .warn(
                            "a socket was passed to this process, and nobody answers there: \"listen\" names others");
        }
    }

    private static StartException notListening(ExitCode code, IOException reason) {
        return new StartException(
                code,
                "%s; choose another address with --listen".formatted(reason.getMessage()),
                reason);
    }

    /// The same of sockets that came open.
    private void requireGuarded(Settings settings) throws StartException, IOException {
        for (Listener listener : listeners) {
            if (listener.channel().getLocalAddress() instanceof InetSocketAddress address) {
                try {
                    requireGuarded(listener.address().toString(), address, settings);
                } catch (IllegalArgumentException open) {
                    close();
                    throw new StartException(
                            ExitCode.CONFIG, String.valueOf(open.getMessage()), open);
                }
            }
        }
    }

    /// Whether the launcher has put the one socket that was passed in the place of standard input. If that is none
    /// that listens, the start has to say so.
    private static boolean wasMovedByLauncher() {
        return Boolean.getBoolean("hearth.passed");
    }

    /// Whether `fd:0` is configured by name, and nothing beside it.
    private static boolean asksForInherited(Settings settings) throws StartException {
        List<ListenAddress> addresses = addresses(settings);
        return !addresses.isEmpty()
                && addresses.stream().allMatch(ListenAddress.Inherited.class::isInstance);
    }

    private void open(ListenAddress address, boolean takeOver) throws IOException {
        if (address instanceof ListenAddress.Unix unix) {
            Optional<ProcessHandle> before =
                    takeOver ? SocketOwner.of(unix.path()) : Optional.empty();
            listeners.add(before.isPresent() ? unix.replace() : unix.open());
            owners.put(unix, SocketOwner.claim(unix.path()));
            before.ifPresent(this::askToEnd);
        } else {
            listeners.add(address.open());
        }
    }

    /// New connections come to this process already; those of the other end there.
    private void askToEnd(ProcessHandle before) {
        LoggerFactory.getLogger(Listeners.class).info("taking over from process {}", before.pid());
        tookOver = true;
        before.destroy();
    }

    /// Whether another process was asked to end, which takes its time.
    boolean tookOver() {
        return tookOver;
    }

    /// Whether the sockets were passed to this process by another, which keeps them.
    boolean arePassed() {
        return passed;
    }

    /// The sockets that systemd passed on other file descriptors than 0.
    private static List<ListenAddress> passed(Settings settings, Map<String, String> environment)
            throws StartException {
        try {
            List<ListenAddress> addresses = new ArrayList<>();
            for (PassedSockets.Passed socket :
                    PassedSockets.of(environment, ProcessHandle.current().pid())) {
                if (socket.isForHttp()) {
                    continue;
                }
                if (Adoption.isReachableFromOutside(socket.fd())
                        && !settings.fastCgi().peers().limitsAddresses()) {
                    throw new IllegalArgumentException(
                            "file descriptor %d is not on loopback: name the web servers that may connect (fastcgi.allowed_clients)"
                                    .formatted(socket.fd()));
                }
                addresses.add(
                        new ListenAddress.Passed(
                                Adoption.of(socket.fd()),
                                name(SocketName.of(socket.fd()), "fd:" + socket.fd())));
            }
            return addresses;
        } catch (IOException | IllegalArgumentException wrong) {
            throw new StartException(ExitCode.CONFIG, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /// Of them, the one for HTTP.
    private static Optional<HttpSocket> passedHttp(
            Settings settings, Map<String, String> environment) throws StartException {
        if (settings.isSet("http")) {
            return Optional.empty();
        }
        try {
            List<PassedSockets.Passed> sockets =
                    PassedSockets.of(environment, ProcessHandle.current().pid()).stream()
                            .filter(PassedSockets.Passed::isForHttp)
                            .toList();
            if (sockets.size() > 1) { // who connects to the others would wait for ever
                throw new IllegalArgumentException(
                        "%d sockets were passed with the name http: HTTP is spoken on one"
                                .formatted(sockets.size()));
            }
            return sockets.isEmpty()
                    ? Optional.empty()
                    : Optional.of(httpSocket(sockets.getFirst().fd()));
        } catch (IOException | IllegalArgumentException wrong) {
            throw new StartException(ExitCode.CONFIG, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static HttpSocket httpSocket(int fd) throws IOException {
        Optional<HostPort> bound =
                SocketName.of(fd)
                        .map(InetSocketAddress.class::cast)
                        .map(at -> new HostPort(at.getAddress().getHostAddress(), at.getPort()));
        return new HttpSocket(Adoption.ofTcp(fd), bound);
    }

    /// The socket for HTTP, where one was passed to this process.
    Optional<ServerSocketChannel> http() {
        return http.map(HttpSocket::channel);
    }

    /// Where that is bound: its channel does not know.
    Optional<HostPort> httpAddress() {
        return http.flatMap(HttpSocket::bound);
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
        requireGroup(settings);
        List<ListenAddress> addresses = new ArrayList<>();
        for (String text : settings.listen()) {
            try {
                ListenAddress address = ListenAddress.parse(text);
                if (address instanceof ListenAddress.Tcp(InetSocketAddress tcp)) {
                    requireGuarded(text, tcp, settings);
                }
                ListenAddress equipped = equipped(address, settings.fastCgi());
                if (equipped instanceof ListenAddress.Unix && addresses.contains(equipped)) {
                    throw new IllegalArgumentException(text + " is named twice");
                }
                addresses.add(equipped);
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

    /// Refuses an address that anybody can reach while nobody is named who may.
    private static void requireGuarded(String name, InetSocketAddress address, Settings settings) {
        if (!address.getAddress().isLoopbackAddress()
                && !settings.fastCgi().peers().limitsAddresses()) {
            throw new IllegalArgumentException(
                    "%s is not on loopback: name the web servers that may connect (fastcgi.allowed_clients)"
                            .formatted(name));
        }
    }

    private static void requireGroup(Settings settings) throws StartException {
        String group = settings.fastCgi().socketGroup().orElse("");
        try {
            if (!group.isEmpty()) {
                FileSystems.getDefault()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(group);
            }
        } catch (IOException unknown) {
            throw new StartException(
                    ExitCode.CONFIG,
                    "%s: there is no group \"%s\" to own the socket"
                            .formatted(settings.origins().get("fastcgi.socket_group"), group),
                    unknown);
        }
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
        return listeners.stream().map(Listeners::name).toList();
    }

    /// Of a socket that was inherited, where it is: another command cannot be told `fd:0`.
    private static String name(Listener listener) {
        String asked = listener.address().toString();
        try {
            return listener.address() instanceof ListenAddress.Inherited
                    ? name(Optional.ofNullable(listener.channel().getLocalAddress()), asked)
                    : asked;
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /// As a front server must be told.
    private static String name(Optional<SocketAddress> bound, String otherwise) {
        SocketAddress address = bound.orElse(null);
        if (address instanceof UnixDomainSocketAddress unix
                && !unix.getPath().toString().isEmpty()) {
            return "unix:" + unix.getPath();
        }
        return address instanceof InetSocketAddress tcp
                ? new ListenAddress.Tcp(tcp).toString()
                : otherwise;
    }

    /// Looks whether the files of the sockets that this process bound are in their places, and listens anew where one is
    /// not: no front server would find it again. Those that were passed are the business of who passed them.
    synchronized void lookAfter(FastCgiServer server) {
        for (int i = 0; i < listeners.size() && !closed; i++) {
            Listener listener = listeners.get(i);
            if (listener.isInPlace()) {
                missed.remove(listener.address());
            } else if (listener.address() instanceof ListenAddress.Unix unix) {
                // Not at once: who takes over says so in a moment.
                int looks = missed.merge(unix, 1, Integer::sum);
                if (looks > 1) {
                    listenAnew(i, unix, server, looks == 2);
                }
            }
        }
    }

    private void listenAnew(
            int place, ListenAddress.Unix unix, FastCgiServer server, boolean tell) {
        Logger log = LoggerFactory.getLogger(Listeners.class);
        try {
            Listener fresh = unix.open();
            Listener lost = listeners.set(place, fresh); // closed with this, whatever follows
            if (!server.replace(lost.channel(), fresh.channel())) {
                return;
            }
            log.warn("the file of {} was deleted or replaced: listening there anew", unix);
            SocketOwner before = owners.put(unix, SocketOwner.claim(unix.path()));
            if (before != null) {
                before.close();
            }
        } catch (IOException notPossible) {
            if (tell) {
                log.error(
                        "the file of {} was deleted or replaced, so nobody reaches this process there, and it {}",
                        unix,
                        notPossible.getMessage());
            }
        }
    }

    /// Closes the sockets and removes the files of those that have one.
    @Override
    public synchronized void close() {
        closed = true;
        owners.values().forEach(SocketOwner::close);
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
