/// The operator site: what a person sees of a running Hearth and does to it. Server-rendered pages, signed-in people
/// with roles, an audit log of every action. Imports `http`, `web`, `storage`, `webhook`, `payment` and `metrics`.
@NullMarked
package dev.hearth.operator;

import org.jspecify.annotations.NullMarked;
