/// The peers: how each is built and started.
@NullMarked
package dev.hearth.bench.peer;

import org.jspecify.annotations.NullMarked;
