/// A FastCGI 1.0 application server: connections, requests, roles, multiplexing, limits. Imports
/// [dev.hearth.fastcgi.wire] only and is usable without the rest of Hearth.
///
/// {@snippet lang=java :
/// FastCgiHandler hello = request -> {
///     request.stdout().writeLatin1("Content-Type: text/plain\r\n\r\nHello, world!\n");
///     return 0;
/// };
/// try (var listener = ListenAddress.parse("unix:/run/hello.sock").open();
///         var server = FastCgiServer.start(List.of(listener.channel()), hello, Limits.DEFAULT)) {
///     server.awaitStop();
/// }
/// }
///
/// How it runs: a [Loop] waits for many connections in one selector. The thread that runs it reads, parses,
/// and runs the handler of a request itself, so that an ordinary request costs one read, one write and no
/// handover. A handler that is known to be slow, waits for its body or for a slow client gives the loop to
/// another thread first; one that is slow by surprise has it taken away by the [Ticker]. So each request has
/// one platform thread from its first byte to its last, and no request waits for another. A peer whose input has
/// ended is [HalfClosed] or gone, which the [PeerCheck] tells.
@NullMarked
package dev.hearth.fastcgi;

import org.jspecify.annotations.NullMarked;
