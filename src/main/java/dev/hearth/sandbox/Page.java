package dev.hearth.sandbox;

/// Pages of the sandbox, every one of them marked as such. Text becomes markup only by [#text].
final class Page {
    private Page() {}

    static String of(String title, String body) {
        return """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>%1$s (sandbox)</title>
        <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 0 auto; padding: 0 1rem 3rem }
        .sandbox { background: #ffd54a; color: #222; margin: 0 -1rem 2rem; padding: .6rem 1rem; font-weight: 600 }
        label { display: block; padding: .2rem 0 } button { font: inherit; padding: .5rem 1.2rem; margin-top: 1rem }
        .amount { font-size: 2rem } .problem { color: #b00020 } code { font-size: .95em }
        </style></head><body>
        <p class="sandbox">Sandbox: no money moves, and no real card may be typed in here.</p>
        <h1>%1$s</h1>
        %2$s
        </body></html>
        """
                .formatted(text(title), body);
    }

    /// Text as markup.
    static String text(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// The page on which a buyer chooses how a payment ends.
    static String toPay(String action, String what, String amount, String problem) {
        return of(
                "Pay " + amount,
                """
                <p>%s</p>%s
                <form method="post" action="%s">
                <label><input type="radio" name="card" value="4242424242424242" checked>
                  <code>4242 4242 4242 4242</code> succeeds</label>
                <label><input type="radio" name="card" value="4000000000000002">
                  <code>4000 0000 0000 0002</code> is declined</label>
                <label><input type="radio" name="card" value="4000000000009995">
                  <code>4000 0000 0000 9995</code> has insufficient funds</label>
                <label><input type="radio" name="card" value="4000002500003155">
                  <code>4000 0025 0000 3155</code> asks the buyer to confirm</label>
                <label><input type="radio" name="card" value="4000000000000077">
                  <code>4000 0000 0000 0077</code> takes its time</label>
                <button>Pay %s</button>
                </form>
                """
                        .formatted(
                                text(what),
                                problem.isEmpty()
                                        ? ""
                                        : "<p class=\"problem\">" + text(problem) + "</p>",
                                text(action),
                                text(amount)));
    }

    /// The page on which the buyer's bank asks whether it was the buyer.
    static String toConfirm(String action, String amount) {
        return of(
                "Is it you who pays " + amount + "?",
                """
                <form method="post" action="%s">
                <button name="confirm" value="yes">Yes, it is me</button>
                <button name="confirm" value="no">No</button>
                </form>
                """
                        .formatted(text(action)));
    }
}
