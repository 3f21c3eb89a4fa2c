package dev.hearth.fastcgi;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The part of a body that did not fit into memory: a temporary file, written at its end, read from its
/// beginning, gone when closed. Guarded by its [BodyPipe].
final class SpillFile implements AutoCloseable {
    private static final System.Logger log = EngineLog.get();

    private final FileChannel file;
    private long written;
    private long read;

    private SpillFile(FileChannel file) {
        this.file = file;
    }

    static SpillFile open() throws IOException {
        Path path = Files.createTempFile("hearth-body-", ".tmp"); // readable by its owner only
        return new SpillFile(
                FileChannel.open(
                        path,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE));
    }

    /// How many bytes are still to be read.
    long unread() {
        return written - read;
    }

    void append(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            written += file.write(content, written);
        }
    }

    int read(byte[] into, int offset, int length) throws IOException {
        int count =
                file.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, unread())), read);
        if (count < 0) {
            throw new IOException("the temporary file of the body was cut short");
        }
        read += count;
        return count;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException leftBehind) {
            log.log(Level.WARNING, "a temporary file could not be closed", leftBehind);
        }
    }
}
