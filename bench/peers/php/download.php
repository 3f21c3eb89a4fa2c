<?php
$left = (int) $_GET['bytes'];
header('Content-Type: application/octet-stream');
header('Content-Length: ' . $left);
// A whole number of alphabets, so that pieces follow on.
$piece = str_repeat('abcdefghijklmnopqrstuvwxyz', 2520);
while ($left > 0) {
    echo $left >= strlen($piece) ? $piece : substr($piece, 0, $left);
    $left -= min($left, strlen($piece));
}
