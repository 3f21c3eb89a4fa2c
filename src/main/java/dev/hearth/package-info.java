/// The façade that library users import. Imports `app` and what it hands out.
@NullMarked
package dev.hearth;

import org.jspecify.annotations.NullMarked;
