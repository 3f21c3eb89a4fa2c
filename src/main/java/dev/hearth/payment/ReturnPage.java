package dev.hearth.payment;

/// Where buyers go after Checkout: the shop's page, never an address that came with the request.
final class ReturnPage {
    private ReturnPage() {}

    static String of(PaymentSettings settings, String ownUrl, String paymentId) {
        return with(settings, ownUrl, "payment_id=" + paymentId);
    }

    static String ofSubscription(PaymentSettings settings, String ownUrl, String id) {
        return with(settings, ownUrl, "subscription_id=" + id);
    }

    private static String with(PaymentSettings settings, String ownUrl, String parameter) {
        String page = settings.returnPage().orElse(ownUrl + "/");
        return page + (page.contains("?") ? "&" : "?") + parameter;
    }
}
