package dev.hearth.payment;

import dev.hearth.http.Problem;
import dev.hearth.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An answer to a caller, as it is kept for a request that comes again.
record Answer(int status, String json) {
    /// What our own problems tell beyond the sentence.
    private static final List<String> EXTENSIONS =
            List.of(
                    "payment_id",
                    "subscription_id",
                    "invoice_id",
                    "code",
                    "parameter",
                    "decline_code",
                    "refundable");

    /// The payment that was made, with what the buyer's browser needs.
    static Answer created(Payment payment) {
        return new Answer(201, Json.write(members(payment, List.of(), List.of())));
    }

    /// The payment as it is.
    static Answer of(int status, Payment payment, List<Refund> refunds, List<Dispute> disputes) {
        return new Answer(status, Json.write(members(payment, refunds, disputes)));
    }

    static Answer refunded(Refund refund, Payment payment) {
        return new Answer(201, Json.write(members(refund, payment)));
    }

    /// Nobody knows yet: the same request again tells.
    static Answer unknown(Payment payment) {
        return new Answer(202, Json.write(Map.of("payment_id", payment.id(), "status", "unknown")));
    }

    static Answer unknown(Refund refund, Payment payment) {
        Map<String, Object> members = members(refund, payment);
        members.put("status", "unknown");
        return new Answer(202, Json.write(members));
    }

    static Answer problem(Problem problem) {
        return new Answer(problem.status(), problem.toJson());
    }

    /// A 422 that names the field.
    static Problem invalid(String field, String detail) {
        return Problem.of(
                        422,
                        "invalid-body",
                        "%s is wrong: %s.".formatted(field.isEmpty() ? "The body" : field, detail))
                .with("errors", List.of(Map.of("pointer", "/" + field, "detail", detail)));
    }

    private static Map<String, Object> members(
            Payment payment, List<Refund> refunds, List<Dispute> disputes) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("payment_id", payment.id());
        json.put("order_ref", payment.orderRef());
        json.put("kind", payment.kind().word());
        json.put("status", payment.status());
        json.put("state", payment.state().word());
        json.put("amount", payment.amount().minorUnits());
        json.put("currency", payment.amount().currency().code());
        json.put("captured", payment.captured());
        json.put("refunded", payment.refunded());
        json.put("disputed", payment.disputed());
        json.put("created_at", payment.createdAt().toString());
        put(json, "livemode", payment.livemode());
        if (payment.state() instanceof PaymentState.Failed(Optional<String> reason)) {
            put(
                    json,
                    "failure",
                    reason.map(code -> DeclineClass.of(Optional.of(code), Optional.empty())));
        }
        put(json, "url", payment.url());
        put(json, "client_secret", payment.clientSecret());
        if (!refunds.isEmpty()) {
            json.put("refunds", refunds.stream().map(each -> members(each, payment)).toList());
        }
        if (!disputes.isEmpty()) {
            json.put("disputes", disputes.stream().map(Answer::members).toList());
        }
        return json;
    }

    private static Map<String, Object> members(Refund refund, Payment payment) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("refund_id", refund.id());
        json.put("payment_id", refund.paymentId());
        json.put("status", refund.state().word());
        json.put("amount", refund.amount());
        json.put("currency", payment.amount().currency().code());
        put(json, "failure_reason", refund.failureReason());
        return json;
    }

    private static Map<String, Object> members(Dispute dispute) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dispute_id", dispute.stripeId());
        json.put("status", dispute.state().word());
        json.put("amount", dispute.amount());
        json.put("currency", dispute.currency().code());
        put(json, "due_by", dispute.dueBy().map(Object::toString));
        return json;
    }

    private static void put(Map<String, Object> json, String name, Optional<?> value) {
        value.ifPresent(present -> json.put(name, present));
    }

    /// The problem that this answer is, where it is one.
    Optional<Problem> problem() {
        if (status < 400) {
            return Optional.empty();
        }
        JsonNode read = Json.read(json);
        Map<String, Object> extensions = new LinkedHashMap<>();
        for (String name : EXTENSIONS) {
            JsonNode value = read.path(name);
            if (value.isString()) {
                extensions.put(name, value.stringValue());
            } else if (value.isIntegralNumber()) {
                extensions.put(name, value.longValue());
            }
        }
        return Optional.of(
                new Problem(
                        status,
                        Json.text(read, "type").orElse("about:blank"),
                        Json.text(read, "title").orElse(""),
                        Json.text(read, "detail").orElse(""),
                        extensions));
    }

    /// Where what this answer is about is shown, as a path.
    String subject() {
        JsonNode read = Json.read(json);
        return Json.text(read, "subscription_id")
                .map(id -> "/payments/subscriptions/" + id)
                .or(() -> Json.text(read, "invoice_id").map(id -> "/payments/invoices/" + id))
                .or(() -> Json.text(read, "payment_id").map(id -> "/payments/" + id))
                .orElseThrow();
    }

    Response toResponse() {
        return Response.bytes(
                        status,
                        status < 400 ? "application/json" : "application/problem+json",
                        json.getBytes(StandardCharsets.UTF_8))
                .withHeader("Cache-Control", "no-store");
    }

    /// Never the content: it can hold a client secret.
    @Override
    public String toString() {
        return "answer " + status;
    }
}
