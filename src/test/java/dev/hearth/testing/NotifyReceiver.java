package dev.hearth.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Receives what a service tells its supervisor: datagrams on a unix socket, each printed on a line, its own
/// lines parted by a space. In Perl, since Java has no such sockets.
public final class NotifyReceiver implements AutoCloseable {
    private static final String PROGRAM =
            """
            use strict; use Socket; $| = 1;
            my $name = shift; $name =~ s/^@/\\0/;
            socket(my $in, AF_UNIX, SOCK_DGRAM, 0) or die;
            bind($in, pack('S a*', AF_UNIX, $name)) or die $!;
            print "receiving\\n";
            while (defined recv($in, my $message, 4096, 0)) { $message =~ tr/\\n/ /; print "$message\\n" }
            """;

    private final ChildProcess process;

    private NotifyReceiver(ChildProcess process) {
        this.process = process;
    }

    /// Receives at a path, or at an abstract name behind an `@`.
    public static NotifyReceiver at(String name, Path folder) throws IOException {
        ChildProcess perl =
                ChildProcess.start("perl", folder, Map.of(), List.of("perl", "-e", PROGRAM, name));
        return new NotifyReceiver(perl.awaitOutput("receiving"));
    }

    /// What has come so far, in order.
    public List<String> messages() {
        return process.output().lines().skip(1).toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
