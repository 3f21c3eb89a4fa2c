/// The inner loops under JMH.
@NullMarked
package dev.hearth.bench.jmh;

import org.jspecify.annotations.NullMarked;
