package dev.hearth.payment;

import dev.hearth.payment.ApiCall.Purpose;
import dev.hearth.payment.ApiCall.State;
import dev.hearth.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What becomes of calls for invoices. To make one takes several: each is written in the transaction that
/// ends the one before, so that a crash between two of them loses none.
final class InvoiceOutcomes implements Outcomes {
    private final InvoiceSync sync;
    private final InvoiceCalls steps;
    private final BillingWriter writer;

    InvoiceOutcomes(InvoiceSync sync, InvoiceCalls steps, BillingWriter writer) {
        this.sync = sync;
        this.steps = steps;
        this.writer = writer;
    }

    @Override
    public Optional<Written> fresh(
            Transaction tx, ApiCall call, JsonNode object, Optional<String> requestId)
            throws Exception {
        Invoice known = lock(tx, call);
        if (known.version() != call.subjectVersion()) {
            return Optional.empty();
        }
        return Optional.of(finish(tx, call, take(tx, call, known, object), requestId));
    }

    private Invoice take(Transaction tx, ApiCall call, Invoice known, JsonNode object)
            throws Exception {
        if (call.purpose() == Purpose.CREATE_CUSTOMER) {
            InvoiceTable.update(tx, known.withCustomer(StripeObjects.word(object, "id")));
            return lock(tx, call);
        }
        sync.write(tx, known, object);
        return lock(tx, call);
    }

    @Override
    public boolean isOnlyOurs() {
        return false;
    }

    @Override
    public void attach(Transaction tx, ApiCall call, JsonNode object) throws Exception {
        Invoice known = lock(tx, call);
        String id = StripeObjects.word(object, "id");
        if (call.purpose() == Purpose.CREATE_CUSTOMER) {
            InvoiceTable.update(tx, known.withCustomer(id));
        } else if (known.stripeId().isEmpty()) {
            InvoiceTable.update(tx, known.withStripeId(id));
        }
    }

    @Override
    public void refresh(ApiCall call) throws Exception {
        sync.sync(call.subjectId());
    }

    @Override
    public Written adopted(Transaction tx, ApiCall call, Optional<String> requestId)
            throws Exception {
        return finish(tx, call, lock(tx, call), requestId);
    }

    private Written finish(Transaction tx, ApiCall call, Invoice after, Optional<String> requestId)
            throws SQLException {
        Optional<ApiCall> next = steps.after(call.purpose(), after);
        Map<String, String> kept = new LinkedHashMap<>(Map.of("status", after.state().word()));
        next.ifPresent(following -> kept.put(NEXT, following.id()));
        ApiCallTable.finish(tx, call, State.OK, 200, requestId, kept);
        if (next.isPresent()) {
            steps.write(tx, next.get());
            CallerKeys.follow(tx, call.id(), next.get().id());
            return new Written(BillingAnswer.unknown(after), next);
        }
        Answer answer = done(call, after);
        CallerKeys.answer(tx, call.id(), answer);
        return Written.of(answer);
    }

    private static Answer done(ApiCall call, Invoice after) {
        return BillingAnswer.of(
                call.purpose() == Purpose.FINALIZE_INVOICE ? 201 : 200, after, List.of());
    }

    @Override
    public Answer done(Transaction tx, ApiCall call) throws SQLException {
        return done(call, InvoiceTable.find(tx, call.subjectId()).orElseThrow());
    }

    @Override
    public Answer rejected(Transaction tx, ApiCall call, Rejection rejection) throws Exception {
        Invoice known = lock(tx, call);
        Answer answer = Outcomes.reject(tx, call, rejection, "invoice_id");
        boolean making = call.purpose() != Purpose.REMIND && call.purpose() != Purpose.VOID_INVOICE;
        if (making && known.state().isBeingMade()) { // else somebody has finished it by hand
            writer.write(
                    tx,
                    known,
                    known.with(new InvoiceState.Failed(Optional.of(rejection.reason()))));
        }
        return answer;
    }

    @Override
    public Answer postponed(Transaction tx, ApiCall call, State state, Instant next, int status)
            throws Exception {
        Invoice known = lock(tx, call);
        ApiCallTable.postpone(tx, call, state, next, status);
        if (known.state() instanceof InvoiceState.Created) {
            writer.write(tx, known, known.with(new InvoiceState.Unknown()));
        }
        return BillingAnswer.unknown(known);
    }

    @Override
    public Answer unknown(Transaction tx, ApiCall call) throws SQLException {
        return BillingAnswer.unknown(InvoiceTable.find(tx, call.subjectId()).orElseThrow());
    }

    private static Invoice lock(Transaction tx, ApiCall call) throws SQLException {
        return InvoiceTable.lock(tx, call.subjectId()).orElseThrow();
    }
}
