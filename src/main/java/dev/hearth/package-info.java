/// The façade that library users import: `Hearth` for programs, `TestSite` for their tests. Imports `app` and what it hands out.
@NullMarked
package dev.hearth;

import org.jspecify.annotations.NullMarked;
