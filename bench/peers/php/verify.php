<?php
require __DIR__ . '/signature.php';
verified(file_get_contents('php://input'));
header('Content-Type: application/json');
echo "{\"ok\":true}\n";
