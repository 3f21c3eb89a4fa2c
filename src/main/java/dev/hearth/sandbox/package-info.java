/// A stand-in of Stripe that remembers, for `serve --sandbox` and for tests: a newcomer can click through a
/// payment without an account. Loaded only for that, on the loopback only, and never with a live key.
///
/// Imports nothing of ours: it is somebody else's server.
@NullMarked
package dev.hearth.sandbox;

import org.jspecify.annotations.NullMarked;
