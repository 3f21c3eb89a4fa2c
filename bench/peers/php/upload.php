<?php
// Reads the body in pieces, as Hearth does.
header('Content-Type: text/plain');
$body = fopen('php://input', 'rb');
$count = 0;
while (!feof($body)) {
    $count += strlen(fread($body, 65536));
}
echo $count, "\n";
