/// Who sends a request, and what it may do: API keys, JWT, Basic, signed cookies, sessions, and the defence against
/// forged requests. Imports `http` and `web`.
@NullMarked
package dev.hearth.web.auth;

import org.jspecify.annotations.NullMarked;
