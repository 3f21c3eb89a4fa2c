/// Makes every object, closes them in reverse: settings, wiring, command line, logging.
///
/// Imports everything; nothing imports it but the root package.
@NullMarked
package dev.hearth.app;

import org.jspecify.annotations.NullMarked;
