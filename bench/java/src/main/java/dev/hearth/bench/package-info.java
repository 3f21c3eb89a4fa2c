/// The suites: what is measured, in which order, and how the report tells it.
@NullMarked
package dev.hearth.bench;

import org.jspecify.annotations.NullMarked;
