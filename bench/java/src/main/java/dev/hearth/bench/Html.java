package dev.hearth.bench;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

import java.util.List;

/// A report as one page that any browser shows; its pictures lie beside it.
final class Html {

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%s</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
            th, td { border: 1px solid #ccc; padding: .25rem .6rem; text-align: left; font-variant-numeric: tabular-nums; }
            th { background: #f4f1ee; }
            td[align=right], th[align=right] { text-align: right; }
            img { max-width: 100%%; }
            code { background: #f4f1ee; overflow-wrap: anywhere; }
            </style>
            %s
            """;

    private Html() {}

    static String page(String title, String markdown) {
        List<Extension> extensions = List.of(TablesExtension.create());
        Parser parser = Parser.builder().extensions(extensions).build();
        HtmlRenderer renderer =
                HtmlRenderer.builder().extensions(extensions).escapeHtml(true).build();
        return PAGE.formatted(title, renderer.render(parser.parse(markdown)));
    }
}
