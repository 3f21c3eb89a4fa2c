/// Webhooks: who sends them, how they are verified, the durable inbox and its worker. Imports `http` and
/// `storage`.
@NullMarked
package dev.hearth.webhook;

import org.jspecify.annotations.NullMarked;
