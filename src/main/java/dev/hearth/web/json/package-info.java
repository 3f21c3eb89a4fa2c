/// JSON bodies as records, with every error of a body in one answer. Imports `http` and `web`; Jackson and YAVI
/// are loaded at first use.
@NullMarked
package dev.hearth.web.json;

import org.jspecify.annotations.NullMarked;
