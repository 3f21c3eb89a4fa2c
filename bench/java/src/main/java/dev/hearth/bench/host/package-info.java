/// The machine: server processes, what CPU time and memory they used, and what else disturbed the measurement.
@NullMarked
package dev.hearth.bench.host;

import org.jspecify.annotations.NullMarked;
