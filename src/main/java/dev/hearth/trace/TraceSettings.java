package dev.hearth.trace;

/// Where traces go.
///
/// @param endpoint a collector that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`
/// @param service the name under which they are found
/// @param version of the service
/// @param sample the part of the traces begun here that is kept, 0 to 1; a caller's decision counts before it
public record TraceSettings(String endpoint, String service, String version, double sample) {

    /// @throws IllegalArgumentException if one of them cannot be
    public TraceSettings {
        if (!endpoint.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")) {
            throw new IllegalArgumentException("it is not an http or https address");
        }
        if (service.isBlank()) {
            throw new IllegalArgumentException("the service needs a name");
        }
        if (!(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException("the sample must be from 0 to 1");
        }
    }

    /// Where spans are posted.
    String spansUrl() {
        return endpoint.endsWith("/v1/traces")
                ? endpoint
                : endpoint.replaceFirst("/$", "") + "/v1/traces";
    }
}
