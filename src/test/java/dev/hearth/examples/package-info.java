/// The programs of `examples`, run as they are, over every gateway.
@NullMarked
package dev.hearth.examples;

import org.jspecify.annotations.NullMarked;
