<?php
// An order in, checked, its sum out.
function good(mixed $order): bool
{
    if (!is_array($order) || array_diff(array_keys($order), ['customer', 'email', 'currency', 'lines', 'note'])) {
        return false;
    }
    if (!is_string($order['customer'] ?? null) || trim($order['customer']) === '' || strlen($order['customer']) > 100
        || !is_string($order['email'] ?? null) || !strpos($order['email'], '@')
        || !is_string($order['currency'] ?? null) || strlen($order['currency']) !== 3
        || !is_string($order['note'] ?? null) || strlen($order['note']) > 500
        || !is_array($order['lines'] ?? null) || !$order['lines'] || count($order['lines']) > 50) {
        return false;
    }
    foreach ($order['lines'] as $line) {
        if (!is_array($line) || array_diff(array_keys($line), ['article', 'quantity', 'cents'])
            || !is_string($line['article'] ?? null) || trim($line['article']) === ''
            || !is_int($line['quantity'] ?? null) || $line['quantity'] < 1 || $line['quantity'] > 1000
            || !is_int($line['cents'] ?? null) || $line['cents'] < 0) {
            return false;
        }
    }
    return true;
}

$order = json_decode(file_get_contents('php://input'), true);
if (!good($order)) {
    http_response_code(422);
    exit;
}
$cents = 0;
foreach ($order['lines'] as $line) {
    $cents += $line['quantity'] * $line['cents'];
}
header('Content-Type: application/json');
echo json_encode([
    'customer' => $order['customer'],
    'currency' => $order['currency'],
    'articles' => count($order['lines']),
    'cents' => $cents,
]);
