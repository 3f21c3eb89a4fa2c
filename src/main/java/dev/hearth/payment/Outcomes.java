package dev.hearth.payment;

import dev.hearth.payment.ApiCall.State;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What becomes of a call: writes its outcome to the call, to what it was for, and to the caller's key, all
/// in one transaction, and gives the caller's answer. One for each [ApiCall.Subject].
///
/// Where another, who took the call over because its lease was past, has written an outcome before, or is about to, nothing
/// is written: [ApiCallTable.LostException].
interface Outcomes {

    /// Under which name it is kept why a call was rejected, and which call followed one that was done.
    String REASON = "reason";

    String NEXT = "next";

    /// What was written of a call that was done.
    ///
    /// @param next the call that follows, written in the same transaction, whose answer is then the caller's
    record Written(Answer answer, Optional<ApiCall> next) {
        static Written of(Answer answer) {
            return new Written(answer, Optional.empty());
        }
    }

    /// The call was done just now, for the first time. Nothing if its subject has changed since the call was
    /// written: then what Stripe answered may be old.
    Optional<Written> fresh(
            Transaction tx, ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception;

    /// Whether [#fresh] runs no code of the application's, and so may run on any thread.
    boolean isOnlyOurs();

    /// Writes the ids of what the call made, where they are not known yet.
    void attach(Transaction tx, ApiCall call, JsonNode object) throws Exception;

    /// Brings the call's subject to what Stripe has. Asks Stripe: never within a transaction.
    ///
    /// @throws StripeUnavailableException if that is not possible now
    void refresh(ApiCall call) throws Exception;

    /// The call was done, its ids are known, and its subject is up to date.
    Written adopted(Transaction tx, ApiCall call, Optional<String> requestId) throws Exception;

    /// The call will not be done.
    Answer rejected(Transaction tx, ApiCall call, Rejection rejection) throws Exception;

    /// Nobody knows yet what came of it, or nothing did and it is tried again.
    Answer postponed(Transaction tx, ApiCall call, State state, Instant next, int status)
            throws Exception;

    /// What a caller is told of a call that was done some time ago, who has no answer yet.
    Answer done(Transaction tx, ApiCall call) throws SQLException;

    /// What a caller is told while nobody knows.
    Answer unknown(Transaction tx, ApiCall call) throws SQLException;

    /// Writes that a call will not be done and gives the caller's key its answer: the problem, with the subject's
    /// id under this name.
    static Answer reject(Transaction tx, ApiCall call, Rejection rejection, String idName)
            throws SQLException {
        Answer answer = Answer.problem(rejection.problem().with(idName, call.subjectId()));
        ApiCallTable.finish(
                tx,
                call,
                State.REJECTED,
                rejection.status(),
                rejection.requestId(),
                Map.of(REASON, rejection.reason()));
        CallerKeys.answer(tx, call.id(), answer);
        return answer;
    }
}
