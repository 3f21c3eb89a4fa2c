/// What can be known of a running Hearth: counts and latencies of requests, the inbox, the pools, the JVM, and the
/// checks of its health. The request path only adds to counters; whoever asks does the work. Imports `http`, `web`,
/// `storage`, `webhook` and `payment`.
@NullMarked
package dev.hearth.metrics;

import org.jspecify.annotations.NullMarked;
