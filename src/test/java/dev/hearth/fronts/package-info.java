/// The same requests through every front server that Hearth is deployed behind: real processes, loaded with
/// the files of `deploy/`.
@NullMarked
package dev.hearth.fronts;

import org.jspecify.annotations.NullMarked;
