/// The database: SQLite or PostgreSQL, opened at start, one schema, visible transactions. Imports nothing
/// of ours.
@NullMarked
package dev.hearth.storage;

import org.jspecify.annotations.NullMarked;
