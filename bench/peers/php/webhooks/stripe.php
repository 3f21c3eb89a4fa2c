<?php
// Verify, insert once, answer after the commit: what Hearth's inbox does, by hand.
require __DIR__ . '/../signature.php';
$body = file_get_contents('php://input');
$event = verified($body);

$dsn = getenv('BENCH_DSN');
$options = [PDO::ATTR_PERSISTENT => (bool) getenv('BENCH_PERSISTENT'), PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION];
if (str_starts_with($dsn, 'pgsql:')) {
    // One round trip for each insert instead of three.
    $options[PDO::PGSQL_ATTR_DISABLE_PREPARES] = true;
}
$database = new PDO($dsn, null, null, $options);
if (str_starts_with($dsn, 'sqlite:')) {
    // Settings of the connection, not of the file; PHP does not say whether a persistent connection is new.
    $database->exec('PRAGMA synchronous = FULL');
    $database->exec('PRAGMA busy_timeout = 10000');
}
$insert = $database->prepare(
    'INSERT INTO events (source, external_id, event_type, object_id, event_created, received_at, body, body_sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (source, external_id) DO NOTHING'
);
$insert->execute([
    'stripe',
    $event['id'],
    $event['type'],
    $event['data']['object']['id'] ?? null,
    $event['created'],
    (int) (microtime(true) * 1000),
    $body,
    hash('sha256', $body),
]);
header('Content-Type: application/json');
echo '{"duplicate":', $insert->rowCount() === 0 ? 'true' : 'false', "}\n";
