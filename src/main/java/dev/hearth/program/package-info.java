/// Programs of one source file: compiled, kept compiled, loaded, watched. Knows nothing of what they do.
/// Imports nothing of ours.
@NullMarked
package dev.hearth.program;

import org.jspecify.annotations.NullMarked;
