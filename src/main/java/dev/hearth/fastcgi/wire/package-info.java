/// FastCGI 1.0 on the wire: bytes to records and back, and nothing else. No I/O, no threads, no imports of
/// ours, so that it can be fuzzed and measured alone.
@NullMarked
package dev.hearth.fastcgi.wire;

import org.jspecify.annotations.NullMarked;
