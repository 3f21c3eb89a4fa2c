package dev.hearth.fastcgi;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Where a server listens.
public sealed interface ListenAddress {

    /// Connections that may wait in the kernel.
    int BACKLOG = 1_024;

    /// The longest path of a unix socket, in bytes: `sun_path` has 108, with a NUL at the end.
    int MAX_PATH_BYTES = 107;

    /// A unix socket.
    ///
    /// @param permissions of the socket file, such as `rw-rw----`
    /// @param group that owns the file, by name
    record Unix(Path path, Set<PosixFilePermission> permissions, Optional<String> group)
            implements ListenAddress {
        public Unix {
            permissions = Set.copyOf(permissions);
        }

        /// The same socket with these permissions, written as `rw-rw----`.
        public Unix withPermissions(String permissions) {
            return new Unix(path, PosixFilePermissions.fromString(permissions), group);
        }

        /// The same socket, owned by this group.
        public Unix withGroup(String name) {
            return new Unix(path, permissions, Optional.of(name));
        }

        @Override
        public Listener open() throws IOException {
            requireFree(this);
            return bindInPlace(this);
        }

        /// Binds in place of whoever serves this path: who connects from now on comes here, and the connections
        /// that there are stay where they are.
        public Listener replace() throws IOException {
            return bindInPlace(this);
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /// A TCP port; 0: any free one.
    record Tcp(InetSocketAddress address) implements ListenAddress {
        @Override
        public Listener open() throws IOException {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(address, BACKLOG);
            } catch (IOException refused) {
                channel.close();
                throw new BindException(
                        "cannot listen on %s: %s".formatted(this, refused.getMessage()));
            }
            return new Listener(channel, this, null);
        }

        @Override
        public String toString() {
            InetAddress host = address.getAddress();
            String literal = host.getHostAddress();
            return (literal.contains(":") ? "[" + literal + "]" : literal)
                    + ":"
                    + address.getPort();
        }
    }

    /// The listening socket that the process was started with as file descriptor 0 (FastCGI 1.0 section 2.2), as
    /// mod_fcgid, lighttpd, spawn-fcgi and systemd's `StandardInput=socket` do.
    record Inherited() implements ListenAddress {
        @Override
        public Listener open() throws IOException {
            Channel inherited = System.inheritedChannel();
            if (inherited instanceof ServerSocketChannel listener) {
                return new Listener(listener, this, null);
            }
            throw new NotListeningException(
                    "file descriptor 0 is %s, not a listening socket"
                            .formatted(inherited == null ? "no socket" : "a connected socket"));
        }

        @Override
        public String toString() {
            return "fd:0";
        }
    }

    /// What the process was started with is no listening socket, and will be none the next time either.
    final class NotListeningException extends BindException {
        private static final long serialVersionUID = 1L;

        NotListeningException(String message) {
            super(message);
        }
    }

    /// The socket's file cannot be made: its folder, its group, or what stands in its place has to be mended first.
    final class UnusablePathException extends BindException {
        private static final long serialVersionUID = 1L;

        UnusablePathException(Unix unix, String reason) {
            super("cannot listen on %s: %s".formatted(unix, reason));
        }
    }

    /// A listening socket that the process was started with, or made in another way, and already has as a channel.
    ///
    /// @param name for people, such as `fd:3`
    record Passed(ServerSocketChannel channel, String name) implements ListenAddress {
        @Override
        public Listener open() throws IOException {
            return new Listener(channel, this, null);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// Reads `unix:/path/to.sock`, `127.0.0.1:9000`, `[::1]:9000`, `localhost:9000` or `fd:0`.
    ///
    /// A unix socket may be used by its owner and its group (`rw-rw----`) until it is told otherwise.
    ///
    /// @throws IllegalArgumentException saying what was expected
    static ListenAddress parse(String text) {
        if (text.equals("fd:0")) {
            return new Inherited();
        }
        if (text.startsWith("unix:")) {
            return parseUnix(text.substring("unix:".length()));
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw notAnAddress(text);
        }
        return new Tcp(new InetSocketAddress(host(text, colon), port(text, colon)));
    }

    private static Unix parseUnix(String path) {
        if (path.isEmpty()) {
            throw notAnAddress("unix:");
        }
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PATH_BYTES) {
            throw new IllegalArgumentException(
                    "the path of a unix socket has at most %d bytes, \"%s\" has %d"
                            .formatted(MAX_PATH_BYTES, path, bytes));
        }
        return new Unix(
                Path.of(path), PosixFilePermissions.fromString("rw-rw----"), Optional.empty());
    }

    private static InetAddress host(String text, int colon) {
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return host.equals("localhost")
                    ? InetAddress.getLoopbackAddress()
                    : InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException notALiteral) {
            throw notAnAddress(text);
        }
    }

    private static int port(String text, int colon) {
        try {
            int port = Integer.parseInt(text, colon + 1, text.length(), 10);
            if (port >= 0 && port <= 65_535 && text.charAt(colon + 1) != '+') {
                return port;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException notANumber) {
            throw notAnAddress(text);
        }
        throw notAnAddress(text);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "\"%s\" is no address to listen on; wanted unix:/path, 127.0.0.1:9000, [::1]:9000 or fd:0"
                        .formatted(text));
    }

    /// Binds.
    ///
    /// A unix socket that nobody serves any more is replaced; one that a process serves is left to it. The file
    /// has its permissions and group before anybody can find it.
    ///
    /// @throws BindException saying which address, and why not
    Listener open() throws IOException;

    private static Listener bindInPlace(Unix unix) throws IOException {
        Path path = unix.path();
        // Bound under another name in the same folder, made ready, and then moved into place:
        // nobody can connect before permissions and group are set, and a stale file is replaced in
        // one step.
        Path unready = path.resolveSibling("." + ProcessHandle.current().pid());
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Files.deleteIfExists(unready);
            channel.bind(UnixDomainSocketAddress.of(unready), BACKLOG);
            Files.setPosixFilePermissions(unready, unix.permissions());
            if (unix.group().isPresent()) {
                setGroup(unready, unix.group().get());
            }
            Files.move(unready, path, StandardCopyOption.ATOMIC_MOVE);
            return new Listener(channel, unix, path);
        } catch (IOException refused) {
            channel.close();
            Files.deleteIfExists(unready);
            throw new UnusablePathException(unix, reason(refused));
        }
    }

    private static void requireFree(Unix unix) throws IOException {
        Path path = unix.path();
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new UnusablePathException(unix, "it is not a socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // its process may be too busy to take one more
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException refused) {
            return; // its process is gone
        } catch (BindException denied) {
            throw new UnusablePathException(
                    unix, "a socket that we may not ask is there already (permission denied)");
        } catch (IOException busy) { // or of another kind
            if (!Files.exists(path)) {
                return; // its process has just taken it along
            }
        }
        throw new BindException("cannot listen on %s: another process serves it".formatted(unix));
    }

    private static void setGroup(Path file, String name) throws IOException {
        GroupPrincipal group =
                file.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(name);
        Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group);
    }

    private static String reason(IOException refused) {
        return refused instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : String.valueOf(refused.getMessage());
    }
}
