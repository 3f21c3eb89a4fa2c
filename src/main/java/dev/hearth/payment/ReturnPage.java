package dev.hearth.payment;

/// Where buyers go after Checkout: the shop's page, never an address that came with the request.
final class ReturnPage {
    private ReturnPage() {}

    static String of(PaymentSettings settings, String ownUrl, String paymentId) {
        String page = settings.returnPage().orElse(ownUrl + "/");
        return page + (page.contains("?") ? "&" : "?") + "payment_id=" + paymentId;
    }
}
