package dev.hearth.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The log of collections that a JVM writes with `-Xlog:gc:file=…:uptime`, read from one moment to another.
public final class GcLog {

    public static final String PAUSES = "gc pauses";
    public static final String LONGEST = "gc longest pause ms";
    public static final String TOTAL = "gc pauses ms in all";
    public static final String HEAP_AFTER = "heap KiB after gc";

    // [12.345s] GC(3) Pause Young (Allocation Failure) 65M->5M(247M) 2.345ms
    private static final Pattern PAUSE =
            Pattern.compile("GC\\(\\d+\\) Pause .* \\d+M->(\\d+)M\\(\\d+M\\) ([0-9.]+)ms$");

    private final Path file;
    private long from;

    /// One stop of the application.
    private record Pause(double millis, long heapKib) {}

    private GcLog(Path file, long from) {
        this.file = file;
        this.from = from;
    }

    /// Sees what is written from now on.
    public static GcLog fromNow(Path file) throws IOException {
        return new GcLog(file, Files.exists(file) ? Files.size(file) : 0);
    }

    /// What was collected since the last look; the heap is told only where there was a collection.
    public Map<String, Double> figures() throws IOException {
        List<Pause> pauses = look();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(PAUSES, (double) pauses.size());
        figures.put(LONGEST, pauses.stream().mapToDouble(Pause::millis).max().orElse(0));
        figures.put(TOTAL, pauses.stream().mapToDouble(Pause::millis).sum());
        if (!pauses.isEmpty()) {
            figures.put(HEAP_AFTER, (double) pauses.getLast().heapKib);
        }
        return figures;
    }

    private List<Pause> look() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        byte[] whole = Files.readAllBytes(file);
        int start = (int) Math.min(from, whole.length);
        String text = new String(whole, start, whole.length - start, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n') + 1;
        from = start + text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
        List<Pause> pauses = new ArrayList<>();
        for (String line : text.substring(0, end).lines().toList()) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                long megabytes = Long.parseLong(pause.group(1));
                pauses.add(new Pause(Double.parseDouble(pause.group(2)), megabytes * 1024));
            }
        }
        return pauses;
    }
}
