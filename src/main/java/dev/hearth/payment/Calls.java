package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.ApiCall.State;
import dev.hearth.payment.ApiCall.Subject;
import dev.hearth.payment.Outcomes.Written;
import dev.hearth.storage.Database;
import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.storage.Transaction;
import dev.hearth.webhook.PermanentFailureException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Makes calls that change something at Stripe happen once: each is written down with its own idempotency
/// key before it is sent, and stays written until its outcome is known.
///
/// An unknown outcome is solved by sending the same call with the same key, for as long as Stripe surely
/// remembers the key; after that only by looking for what it would have made.
final class Calls {
    private static final Logger log = LoggerFactory.getLogger(Calls.class);

    /// How long a call may be on its way: longer than the timeouts of one call together.
    static final Duration LEASE = Duration.ofSeconds(40);

    /// Stripe forgets a key after a day, and would then do the same again.
    static final Duration KEY_COUNTS = Duration.ofHours(23);

    /// When a create that Stripe keeps failing, and of which there is no trace, is given up. It cannot have
    /// taken money: nobody has anything to pay it with.
    private static final Duration GIVE_UP_CREATING = Duration.ofMinutes(10);

    private static final int ATTEMPTS_BEFORE_LOOKUP = 4;
    private static final Duration KEY_REFUSED_PAUSE = Duration.ofMinutes(1);
    private static final Duration NOT_SENT_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final Database database;
    private final StripeGateway stripe;
    private final Lookup lookup;
    private final Map<Subject, Outcomes> outcomes;
    private final TimeOrderedIds ids;
    private final InstantSource clock;

    Calls(
            Database database,
            StripeGateway stripe,
            Lookup lookup,
            Map<Subject, Outcomes> outcomes,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.database = database;
        this.stripe = stripe;
        this.lookup = lookup;
        this.outcomes = outcomes;
        this.ids = ids;
        this.clock = clock;
    }

    /// A new call for a payment, not written yet.
    ApiCall make(
            Purpose purpose,
            Payment payment,
            Optional<String> refundId,
            String path,
            SequencedMap<String, String> parameters) {
        return make(purpose, payment.id(), payment.version(), refundId, path, parameters);
    }

    /// A new call, not written yet.
    ///
    /// @param version of the subject, which it has when the call is written
    ApiCall make(
            Purpose purpose,
            String subjectId,
            long version,
            Optional<String> refundId,
            String path,
            SequencedMap<String, String> parameters) {
        Instant now = clock.instant();
        String id = ids.next(now.toEpochMilli());
        return new ApiCall(
                id,
                purpose,
                subjectId,
                refundId,
                path,
                parameters,
                "hearth-" + id,
                version,
                State.SENT,
                1,
                now,
                Optional.of(now.plus(LEASE)),
                Optional.empty());
    }

    /// Writes a call down, as on its way: whoever commits this sends it next, or it is recovered.
    void write(Transaction tx, ApiCall call) throws SQLException {
        ApiCallTable.insert(tx, call, clock.instant());
    }

    /// Sends a call that was written for the first time, and tells what the caller is answered.
    Answer send(ApiCall call) throws Exception {
        return Cause.of(call).call(() -> settle(call, ask(call)));
    }

    /// Sends a call that is still ours. A process that stood still may wake after others have looked for what the call
    /// would have made, and given it up; and after Stripe has forgotten its key.
    private StripeReply ask(ApiCall call) {
        boolean ours = call.nextAt().filter(clock.instant()::isBefore).isPresent();
        return ours ? stripe.send(call.toStripe()) : new StripeReply.NotSent("its lease is over");
    }

    /// What a caller is answered that asks again: the outcome if it can be had now.
    Answer again(String callId) throws Exception {
        Instant now = clock.instant();
        Optional<ApiCall> ours = claim(callId, now);
        if (ours.isPresent()) {
            return resend(ours.get());
        }
        return database.read(tx -> {
            ApiCall call = ApiCallTable.find(tx, callId).orElseThrow();
            return call.state() == State.SENT
                    ? Answer.problem(
                            Problem.of(
                                            409,
                                            "request-in-progress",
                                            "A request with this key is being worked on. Ask"
                                                    + " again.")
                                    .with(call.subject().column(), call.subjectId()))
                    : told(tx, call);
        });
    }

    /// What others were told of a call that we have lost to them: the answer that is kept, where there is one.
    private Answer told(ApiCall lost) throws SQLException {
        return database.read(tx -> told(tx, ApiCallTable.find(tx, lost.id()).orElseThrow()));
    }

    private Answer told(Transaction tx, ApiCall call) throws SQLException {
        Optional<Answer> kept = CallerKeys.answerOf(tx, call.id());
        if (kept.isPresent()) {
            return kept.get();
        }
        if (call.state() == State.OK) {
            Optional<ApiCall> next = ApiCallTable.following(tx, call);
            return next.isPresent() ? told(tx, next.get()) : of(call).done(tx, call);
        }
        return call.state() == State.REJECTED
                ? Rejection.kept(tx, call)
                : of(call).unknown(tx, call);
    }

    /// Sends every call that is due, and tells how many there were.
    int recover(int limit) throws Exception {
        List<String> due = database.read(tx -> ApiCallTable.due(tx, clock.instant(), limit));
        for (String id : due) {
            Optional<ApiCall> ours = claim(id, clock.instant());
            if (ours.isPresent()) {
                resend(ours.get());
            }
        }
        return due.size();
    }

    private Outcomes of(ApiCall call) {
        return Objects.requireNonNull(outcomes.get(call.subject()));
    }

    private Optional<ApiCall> claim(String id, Instant now) throws SQLException {
        return database.write(tx -> ApiCallTable.claim(tx, id, now, now.plus(LEASE)));
    }

    private Answer resend(ApiCall call) throws Exception {
        return Cause.of(call).call(() -> resendBecauseOfIt(call));
    }

    private Answer resendBecauseOfIt(ApiCall call) throws Exception {
        Duration age = Duration.between(call.firstSentAt(), clock.instant());
        boolean keyCounts = age.compareTo(KEY_COUNTS) < 0;
        if (keyCounts && call.purpose().keyed() && call.attempts() < ATTEMPTS_BEFORE_LOOKUP) {
            return settle(call, ask(call));
        }
        try {
            Optional<JsonNode> done = lookup.find(call);
            if (done.isPresent()) {
                return adopt(call, done.get(), Optional.empty());
            }
        } catch (StripeUnavailableException | PermanentFailureException notNow) {
            log.warn("{} cannot be looked up: {}", call, notNow.getMessage());
            return keyCounts && call.purpose().keyed()
                    ? settle(call, ask(call)) // which does nothing twice
                    : postpone(call, State.UNKNOWN, pause(call), 0);
        }
        StripeReply reply =
                keyCounts ? ask(call) : new StripeReply.NoAnswer("the key no longer counts");
        if (!(reply instanceof StripeReply.NoAnswer)) {
            return settle(call, reply);
        }
        if (!keyCounts) {
            return giveUp(call, age);
        }
        return harmless(call) && age.compareTo(GIVE_UP_CREATING) > 0
                ? unlessDone(call, Optional.empty(), () -> giveUp(call, age)) // by the last try
                : settle(call, reply);
    }

    private Answer giveUp(ApiCall call, Duration age) throws Exception {
        log.error("ALARM: {} was never done, given up after {}", call, age);
        return write(call, tx -> of(call).rejected(tx, call, Rejection.givenUp()));
    }

    /// Whether the call moves no money even if it was done: everything but a refund.
    private static boolean harmless(ApiCall call) {
        return call.purpose() != Purpose.REFUND && call.purpose() != Purpose.CAPTURE;
    }

    private Answer settle(ApiCall call, StripeReply reply) throws Exception {
        return switch (reply) {
            case StripeReply.Done(JsonNode object, var requestId) -> done(call, object, requestId);
            case StripeReply.Declined declined -> refused(call, Rejection.of(declined));
            case StripeReply.Refused refused -> refusedUnlessDone(call, refused);
            case StripeReply.Busy(int status, var retryAfter) ->
                    postpone(call, notDone(call), longer(retryAfter, pause(call)), status);
            case StripeReply.NotSent _ -> postpone(call, notDone(call), NOT_SENT_PAUSE, 0);
            case StripeReply.NoAnswer(String why) -> {
                log.warn("{}: no answer ({})", call, why);
                yield postpone(call, State.UNKNOWN, pause(call), 0);
            }
            case StripeReply.KeyRefused(int status) -> {
                Answer answer = postpone(call, notDone(call), KEY_REFUSED_PAUSE, status);
                yield answer.status() == 202 ? notPossibleNow(call) : answer;
            }
        };
    }

    private static Answer notPossibleNow(ApiCall call) {
        return Answer.problem(
                Problem.of(
                                503,
                                "payments-unavailable",
                                "Payments are not possible now. The request is kept; ask again later.")
                        .with(call.subject().column(), call.subjectId()));
    }

    /// What has no key is refused the second time, and the JDK sends a DELETE again by itself where a
    /// connection is lost.
    private Answer refusedUnlessDone(ApiCall call, StripeReply.Refused refused) throws Exception {
        return call.purpose().keyed()
                ? refused(call, Rejection.of(call, refused))
                : unlessDone(
                        call,
                        refused.requestId(),
                        () -> refused(call, Rejection.of(call, refused)));
    }

    private Answer unlessDone(ApiCall call, Optional<String> requestId, Callable<Answer> notDone)
            throws Exception {
        try {
            Optional<JsonNode> done = lookup.find(call);
            if (done.isPresent()) {
                return adopt(call, done.get(), requestId);
            }
        } catch (StripeUnavailableException | PermanentFailureException notNow) {
            log.warn("{} cannot be looked up: {}", call, notNow.getMessage());
            return postpone(call, State.UNKNOWN, pause(call), 0);
        }
        return notDone.call();
    }

    private Answer done(ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception {
        StopPoint.AFTER_SEND.reach();
        if (call.attempts() > 1) {
            return adopt(call, object, requestId); // may be Stripe's answer of long ago
        }
        try {
            Outcomes outcome = of(call);
            Database.Work<Optional<Written>, Exception> fresh =
                    Cause.carried(tx -> outcome.fresh(tx, call, object, requestId));
            Optional<Written> written =
                    outcome.isOnlyOurs() ? database.writeOnAnyThread(fresh) : database.write(fresh);
            StopPoint.AFTER_RESPONSE.reach();
            return written.isPresent() ? goOn(written.get()) : adopt(call, object, requestId);
        } catch (PaymentTable.ChangedException | ApiCallTable.LostException newer) {
            return adopt(call, object, requestId);
        } catch (MismatchException | IllegalTransitionException wrong) {
            return mismatch(call, wrong);
        } catch (UnknownWordException unheard) {
            return notUnderstood(call, unheard);
        } catch (SQLException refused) {
            return mismatch(call, idOfAnother(call, object, refused));
        }
    }

    /// That a row could not be written because Stripe gave the id of something else, where that is the reason.
    private MismatchException idOfAnother(ApiCall call, JsonNode object, SQLException refused)
            throws SQLException {
        String id = Json.text(object, "id").orElse("");
        boolean taken =
                call.subject() == Subject.PAYMENT
                        && database.read(tx -> ApiCallTable.isTaken(tx, id, call.subjectId()));
        if (!taken) {
            throw refused;
        }
        return new MismatchException(
                "payment " + call.subjectId(), "id at Stripe", "its own", "that of another");
    }

    /// It was done, and what it is now has no word here: nothing is guessed, and it is looked at again later.
    private Answer notUnderstood(ApiCall call, UnknownWordException unheard) throws Exception {
        log.error("ALARM: {}: {}", call, unheard.getMessage());
        return postpone(call, State.UNKNOWN, pause(call), 200);
    }

    /// Takes over an object that may have changed since: its ids at once, its state by asking.
    private Answer adopt(ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception {
        try {
            database.<Boolean, Exception>write(tx -> {
                of(call).attach(tx, call, object);
                return true;
            });
            of(call).refresh(call);
        } catch (StripeUnavailableException notNow) {
            log.warn("{} was done, and is not yet read: {}", call, notNow.getMessage());
            return postpone(call, State.UNKNOWN, pause(call), 0);
        } catch (UnknownWordException unheard) {
            return notUnderstood(call, unheard);
        } catch (PermanentFailureException unreadable) {
            if (unreadable.getCause() != null) { // it is read, and is not what was asked for
                return mismatch(call, unreadable);
            }
            log.error("ALARM: {} was done, and cannot be read: {}", call, unreadable.getMessage());
            return postpone(call, State.UNKNOWN, pause(call), 0);
        } catch (MismatchException wrong) {
            return mismatch(call, wrong);
        } catch (SQLException refused) {
            return mismatch(call, idOfAnother(call, object, refused));
        }
        Written written;
        try {
            written = database.write(tx -> of(call).adopted(tx, call, requestId));
        } catch (ApiCallTable.LostException _) {
            return told(call);
        }
        return goOn(written);
    }

    /// Some things take several calls; each is written in the transaction that ends the one before.
    private Answer goOn(Written written) throws Exception {
        return written.next().isPresent() ? send(written.next().get()) : written.answer();
    }

    private Answer mismatch(ApiCall call, Exception wrong) throws Exception {
        log.error("ALARM: {}: {}", call, wrong.getMessage());
        return write(call, tx -> of(call).rejected(tx, call, Rejection.mismatch()));
    }

    private Answer refused(ApiCall call, Rejection rejection) throws Exception {
        Answer answer = write(call, tx -> of(call).rejected(tx, call, rejection));
        if (!call.purpose().creates()) {
            try { // Stripe may have refused because it knows more than we do
                of(call).refresh(call);
            } catch (StripeUnavailableException
                    | PermanentFailureException
                    | UnknownWordException notNow) {
                log.warn("{} was refused, and is not yet read: {}", call, notNow.getMessage());
            }
        }
        return answer;
    }

    private Answer postpone(ApiCall call, State state, Duration pause, int status)
            throws Exception {
        Instant next = clock.instant().plus(pause);
        return write(call, tx -> of(call).postponed(tx, call, state, next, status));
    }

    private Answer write(ApiCall call, Database.Work<Answer, Exception> outcome) throws Exception {
        try {
            return database.<Answer, Exception>write(outcome);
        } catch (ApiCallTable.LostException _) {
            return told(call);
        }
    }

    /// The state of a call that was not done this time: only if it was never sent before is that all.
    private static State notDone(ApiCall call) {
        return call.attempts() == 1 ? State.PENDING : State.UNKNOWN;
    }

    /// 1 s, 2 s, 4 s … up to five minutes.
    private static Duration pause(ApiCall call) {
        Duration pause = Duration.ofSeconds(1L << Math.min(call.attempts() - 1, 9));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Duration longer(Optional<Duration> asked, Duration pause) {
        return asked.filter(wanted -> wanted.compareTo(pause) > 0).orElse(pause);
    }
}
