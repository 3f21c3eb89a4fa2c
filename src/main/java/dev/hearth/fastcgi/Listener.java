package dev.hearth.fastcgi;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A bound listener, and the socket file that goes with it.
///
/// Closing it closes the channel and removes the socket file, unless another process has put its own in that
/// place by then.
public final class Listener implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final ListenAddress address;
    private final @Nullable Path file;
    private final @Nullable Object fileKey;

    Listener(ServerSocketChannel channel, ListenAddress address, @Nullable Path file)
            throws IOException {
        this.channel = channel;
        this.address = address;
        this.file = file;
        this.fileKey = file == null ? null : fileKey(file);
    }

    /// Accepts connections; blocking as it comes.
    public ServerSocketChannel channel() {
        return channel;
    }

    /// What was asked for; of a TCP port 0, the channel knows the port.
    public ListenAddress address() {
        return address;
    }

    /// Removes the socket file, so that new peers find nobody, while those that wait can still be accepted.
    public void unlink() throws IOException {
        if (file != null && Files.exists(file) && isOurs(file)) {
            Files.deleteIfExists(file);
        }
    }

    /// Whether its socket file is still where it was bound, so that peers find it. Where there is none, it always is.
    public boolean isInPlace() {
        try {
            return file == null || isOurs(file);
        } catch (IOException gone) {
            return false;
        }
    }

    private boolean isOurs(Path present) throws IOException {
        return fileKey != null && fileKey.equals(fileKey(present));
    }

    private static @Nullable Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        unlink();
        end(channel);
    }

    /// Closes a listening channel. The one on file descriptor 0 stays open until the process ends: its starter
    /// shares it, and the JDK would put /dev/null in the place of standard output and error along with it.
    static void end(ServerSocketChannel channel) throws IOException {
        if (!channel.equals(System.inheritedChannel())) {
            channel.close();
        }
    }
}
