package dev.hearth.service;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Makes a channel of a listening socket that this process was started with on any file descriptor: the JDK does
/// so for 0 only.
///
/// A channel is opened and bound to an address of no use, and then its descriptor made another name of the
/// passed socket (dup2). Only on Linux, before anything else runs.
public final class Adoption {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path NETWORK = Path.of("/proc/self/net");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    // 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104, in words of the machine's (little-endian) byte
    // order
    private static final Pattern LOOPBACK =
            Pattern.compile("(0{16}FFFF0000)?[0-9A-F]{6}7F|0{24}01000000");
    private static final String TCP_LISTENS = "0A";
    private static final long UNIX_ACCEPTS = 0x10000; // __SO_ACCEPTCON

    private Adoption() {}

    /// The channel of a passed socket.
    ///
    /// @throws BindException if the descriptor is not a listening socket
    public static ServerSocketChannel of(int fd) throws IOException {
        String inode = inode(DESCRIPTORS.resolve(Integer.toString(fd)));
        if (!inode.isEmpty() && listensOnUnix(inode)) {
            return unix(fd);
        }
        if (!inode.isEmpty() && listensOnTcp(inode)) {
            return tcp(fd);
        }
        throw new BindException("file descriptor %d is not a listening socket".formatted(fd));
    }

    /// The channel of a passed TCP socket.
    ///
    /// @throws BindException if the descriptor is not one
    public static ServerSocketChannel ofTcp(int fd) throws IOException {
        String inode = inode(DESCRIPTORS.resolve(Integer.toString(fd)));
        if (inode.isEmpty() || !listensOnTcp(inode)) {
            throw new BindException(
                    "file descriptor %d is not a listening TCP socket".formatted(fd));
        }
        return tcp(fd);
    }

    /// Whether it is a TCP socket that others than this machine reach.
    public static boolean isReachableFromOutside(int fd) throws IOException {
        String inode = inode(DESCRIPTORS.resolve(Integer.toString(fd)));
        return tcpLines().stream()
                .filter(fields -> fields[9].equals(inode))
                .map(fields -> fields[1].substring(0, fields[1].indexOf(':')))
                .anyMatch(address -> !LOOPBACK.matcher(address).matches());
    }

    private static ServerSocketChannel unix(int fd) throws IOException {
        Path folder = Files.createTempDirectory("hearth");
        Path path = folder.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            LinuxCalls.duplicate(fd, descriptorOf(inodeOfUnix(path)));
            return channel;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    private static ServerSocketChannel tcp(int fd) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            LinuxCalls.duplicate(fd, descriptorOf(inodeOfTcp(port)));
            return channel;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    private static boolean listensOnUnix(String inode) throws IOException {
        return unixLines().stream()
                .anyMatch(fields ->
                        fields[6].equals(inode)
                                && (Long.parseLong(fields[3], 16) & UNIX_ACCEPTS) != 0);
    }

    private static boolean listensOnTcp(String inode) throws IOException {
        return tcpLines().stream()
                .anyMatch(fields -> fields[9].equals(inode) && fields[3].equals(TCP_LISTENS));
    }

    private static String inodeOfUnix(Path path) throws IOException {
        return unixLines().stream()
                .filter(fields -> fields.length > 7 && fields[7].equals(path.toString()))
                .map(fields -> fields[6])
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/net/unix does not list our socket"));
    }

    private static String inodeOfTcp(int port) throws IOException {
        String end = ":%04X".formatted(port).toUpperCase(Locale.ROOT);
        return tcpLines().stream()
                .filter(fields -> fields[1].endsWith(end) && fields[3].equals(TCP_LISTENS))
                .map(fields -> fields[9])
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/net/tcp does not list our socket"));
    }

    /// Num RefCount Protocol Flags Type St Inode Path.
    private static List<String[]> unixLines() throws IOException {
        return lines("unix");
    }

    /// sl local_address rem_address st … inode (the tenth).
    private static List<String[]> tcpLines() throws IOException {
        List<String[]> both = new ArrayList<>(lines("tcp"));
        both.addAll(lines("tcp6"));
        return both;
    }

    private static List<String[]> lines(String table) throws IOException {
        try {
            return Files.readAllLines(NETWORK.resolve(table)).stream()
                    .skip(1) // the heading
                    .map(line -> SPACES.split(line.strip()))
                    .toList();
        } catch (NoSuchFileException noSuchProtocol) {
            return List.of();
        }
    }

    private static int descriptorOf(String inode) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : open) {
                if (inode(descriptor).equals(inode)) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new IOException("/proc/self/fd does not list our socket");
    }

    /// The inode of an open socket; empty for anything else.
    private static String inode(Path descriptor) throws IOException {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? target.substring("socket:[".length(), target.length() - 1)
                    : "";
        } catch (NoSuchFileException closed) {
            return "";
        }
    }
}
