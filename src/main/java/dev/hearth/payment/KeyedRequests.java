package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.RefusedException;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.CallerKeys.CallerKey;
import dev.hearth.payment.CallerKeys.Known;
import dev.hearth.storage.Database;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Answers requests that carry a caller's idempotency key: the first one does the work, the same again gets
/// the same answer, another under the same key is refused.
final class KeyedRequests {

    /// Checks that what is asked for can be done, and writes everything for its call except the call.
    @FunctionalInterface
    interface Begin {
        ApiCall begin(Transaction tx) throws Exception;
    }

    private static final int MOST_RACES = 5;

    private final Database database;
    private final Calls calls;
    private final InstantSource clock;

    KeyedRequests(Database database, Calls calls, InstantSource clock) {
        this.database = database;
        this.calls = calls;
        this.clock = clock;
    }

    /// The answer to a request that came before, if this one did.
    Optional<Answer> before(CallerKey key) throws Exception {
        Optional<Known> known = database.read(tx -> CallerKeys.find(tx, key, clock.instant()));
        return known.isPresent() ? Optional.of(answer(known.get())) : Optional.empty();
    }

    /// Does what is asked for once, under the caller's key. Most keys are new: whether one is known is only asked
    /// where it cannot be taken, or where what is asked for cannot be done, perhaps because it was done.
    ///
    /// @param begin runs no code of the application's: it may run on any thread
    Answer run(CallerKey key, Begin begin) throws Exception {
        try {
            return send(
                    database.<ApiCall, Exception>writeOnAnyThread(
                            Cause.carried(tx -> {
                                ApiCall call = begin.begin(tx);
                                if (!CallerKeys.take(tx, key, call.id(), clock.instant())) {
                                    throw new TakenException();
                                }
                                calls.write(tx, call);
                                return call;
                            })));
        } catch (RefusedException | TakenException notNow) {
            Optional<Answer> before = before(key);
            if (before.isPresent()) {
                return before.get();
            }
            throw notNow;
        }
    }

    /// Does what is asked for, where the caller gave no key.
    Answer run(Begin begin) throws Exception {
        return send(
                database.<ApiCall, Exception>write(tx -> {
                    ApiCall call = begin.begin(tx);
                    calls.write(tx, call);
                    return call;
                }));
    }

    /// Has something done to a subject, or goes on with a call of the same kind for it that has no outcome yet; its
    /// outcome is then the key's too.
    ///
    /// @param key the caller's, if it gave one
    /// @param same refuses where that call is not for what is asked for now
    Answer join(
            Optional<CallerKey> key,
            String subjectId,
            Purpose purpose,
            Consumer<ApiCall> same,
            Begin begin)
            throws Exception {
        for (int race = 1; ; race++) {
            try {
                return joinNow(key, subjectId, purpose, same, begin);
            } catch (TakenException lookAgain) {
                if (race == MOST_RACES) {
                    throw lookAgain;
                }
            }
        }
    }

    private Answer joinNow(
            Optional<CallerKey> key,
            String subjectId,
            Purpose purpose,
            Consumer<ApiCall> same,
            Begin begin)
            throws Exception {
        if (key.isPresent()) {
            Optional<Answer> before = before(key.get());
            if (before.isPresent()) {
                return before.get();
            }
        }
        Optional<ApiCall> open = database.read(tx -> ApiCallTable.open(tx, subjectId, purpose));
        if (open.isPresent()) {
            same.accept(open.get());
            if (key.isPresent()) {
                bind(key.get(), open.get().id());
            }
            return calls.again(open.get().id());
        }
        Begin alone =
                tx -> {
                    ApiCall call = begin.begin(tx);
                    if (ApiCallTable.open(tx, subjectId, purpose).isPresent()) {
                        throw new TakenException(); // since we looked, before the lock
                    }
                    return call;
                };
        return key.isPresent() ? run(key.get(), alone) : run(alone);
    }

    /// Has the key wait for a call that another began, and get the same answer ever after.
    private void bind(CallerKey key, String callId) throws SQLException {
        boolean bound =
                database.<Boolean, SQLException>write(tx ->
                        ApiCallTable.holdOpen(tx, callId)
                                && CallerKeys.take(tx, key, callId, clock.instant()));
        if (!bound) {
            // It has ended since we looked, or the same request came twice.
            throw new TakenException();
        }
    }

    private Answer send(ApiCall written) throws Exception {
        StopPoint.AFTER_WRITE.reach();
        return calls.send(written);
    }

    private Answer answer(Known known) throws Exception {
        return switch (known) {
            case Known.Answered(Answer answer) -> answer;
            case Known.Running(String callId) -> calls.again(callId);
            case Known.OtherBody _ ->
                    Answer.problem(
                            Problem.of(
                                    422,
                                    "idempotency-key-reused",
                                    "This Idempotency-Key was used for a request with another body."));
        };
    }

    /// The key is another request's, or the row was changed since it was looked at.
    static final class TakenException extends SQLException {
        private static final long serialVersionUID = 1L;
    }
}
