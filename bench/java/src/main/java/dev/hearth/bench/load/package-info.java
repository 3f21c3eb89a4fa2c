/// The load generator: FastCGI and HTTP/1.1 clients of its own, a closed and an open loop.
///
/// Imports nothing of Hearth: a mistake in the server's codec must not hide in the client's.
@NullMarked
package dev.hearth.bench.load;

import org.jspecify.annotations.NullMarked;
