<?php
// A payment intent by hand: the key looked up, the intention stored, Stripe called, the outcome stored.
function answer(int $status, string $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo $body;
    exit;
}

$key = $_SERVER['HTTP_IDEMPOTENCY_KEY'] ?? '';
if (!hash_equals('Bearer ' . getenv('BENCH_CALLER_KEY'), $_SERVER['HTTP_AUTHORIZATION'] ?? '') || $key === '') {
    answer(401, "{}\n");
}
$body = file_get_contents('php://input');
$order = json_decode($body, true);
if (!is_string($order['order_ref'] ?? null) || !is_int($order['amount'] ?? null) || $order['amount'] < 1
    || !is_string($order['currency'] ?? null) || strlen($order['currency']) !== 3) {
    answer(422, "{}\n");
}

$options = [PDO::ATTR_PERSISTENT => true, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION];
$database = new PDO(getenv('BENCH_DSN'), null, null, $options);
$database->exec('PRAGMA synchronous = FULL');
$database->exec('PRAGMA busy_timeout = 10000');
$before = $database->prepare('SELECT answer, request_hash FROM payments WHERE caller_key = ?');
$before->execute([$key]);
if ($row = $before->fetch(PDO::FETCH_ASSOC)) {
    answer($row['request_hash'] === hash('sha256', $body) ? 200 : 422, $row['answer'] ?? "{}\n");
}
$id = 'pay_' . bin2hex(random_bytes(16));
$database->prepare(
    "INSERT INTO payments (id, caller_key, request_hash, order_ref, amount, currency, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 'created', ?)"
)->execute([$id, $key, hash('sha256', $body), $order['order_ref'], $order['amount'], $order['currency'], time()]);

$call = curl_init(getenv('BENCH_STRIPE') . '/v1/payment_intents');
curl_setopt_array($call, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 25,
    CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('BENCH_STRIPE_KEY'), 'Idempotency-Key: ' . $id],
    CURLOPT_POSTFIELDS => http_build_query([
        'amount' => $order['amount'],
        'currency' => $order['currency'],
        'automatic_payment_methods' => ['enabled' => 'true'],
        'metadata' => ['payment_id' => $id, 'order_ref' => $order['order_ref']],
    ]),
]);
$intent = json_decode((string) curl_exec($call), true);
if (!isset($intent['id'])) {
    answer(502, "{}\n");
}
$answer = json_encode([
    'payment_id' => $id,
    'status' => $intent['status'],
    'client_secret' => $intent['client_secret'],
]);
$database->prepare("UPDATE payments SET state = ?, stripe_id = ?, answer = ? WHERE id = ?")
    ->execute([$intent['status'], $intent['id'], $answer, $id]);
answer(201, $answer);
