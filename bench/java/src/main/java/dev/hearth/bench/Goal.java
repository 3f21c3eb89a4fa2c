package dev.hearth.bench;

import java.util.Optional;
import java.util.function.Function;

/// Something that an issue demands to be reached.
///
/// @param suite whose raw results tell
/// @param measure reads it, or nothing where it was not measured
record Goal(
        int issue, String suite, String sentence, Function<Results, Optional<Reading>> measure) {

    /// What was measured, and whether that is enough.
    record Reading(String text, boolean reached) {}
}
