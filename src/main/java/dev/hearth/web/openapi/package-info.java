/// The description of an application's API, made from its routes: OpenAPI 3.1 and a page for people. Imports `http`,
/// `web` and `web.json`; the schema library is loaded when the description is first asked for.
@NullMarked
package dev.hearth.web.openapi;

import org.jspecify.annotations.NullMarked;
