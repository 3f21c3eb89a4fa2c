<?php
// Stripe's scheme: HMAC-SHA256 over "time.body", compared in constant time, five minutes of tolerance.
function genuine(string $body, string $header, string $secret): bool
{
    $time = null;
    $codes = [];
    foreach (explode(',', $header) as $part) {
        [$name, $value] = explode('=', $part, 2) + [1 => ''];
        if ($name === 't') {
            $time = $value;
        } elseif ($name === 'v1') {
            $codes[] = $value;
        }
    }
    if ($time === null || !ctype_digit($time) || abs(time() - (int) $time) > 300) {
        return false;
    }
    $expected = hash_hmac('sha256', $time . '.' . $body, $secret);
    foreach ($codes as $code) {
        if (hash_equals($expected, $code)) {
            return true;
        }
    }
    return false;
}

function refuse(): never
{
    http_response_code(400);
    exit;
}

/** The verified event, or the end of the request. */
function verified(string $body): array
{
    if (!genuine($body, $_SERVER['HTTP_STRIPE_SIGNATURE'] ?? '', getenv('BENCH_SECRET'))) {
        refuse();
    }
    $event = json_decode($body, true);
    if (!isset($event['id'], $event['type'])) {
        refuse();
    }
    return $event;
}
