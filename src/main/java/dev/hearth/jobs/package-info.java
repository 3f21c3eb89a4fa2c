/// Work that comes back or waits for its time, kept in the database. Only `JobScheduler` and what it is made
/// of name the scheduler's library, which is loaded with the first job. Imports `storage` only.
@NullMarked
package dev.hearth.jobs;

import org.jspecify.annotations.NullMarked;
