/// Real peers for tests: front servers and Hearth itself, each in a process of its own, on loopback ports
/// and sockets in temporary folders, each ended by its own process id.
@NullMarked
package dev.hearth.testing;

import org.jspecify.annotations.NullMarked;
