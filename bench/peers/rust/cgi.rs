// The Rust peer of the CGI suite: the standard library only, SQLite through its C interface. One program, three works;
// SCRIPT_NAME says which. BENCH_SECRET and BENCH_SQLITE come from fcgiwrap's environment.

mod json;
mod sha256;
mod store;

use json::Event;
use std::env;
use std::io::{self, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

const LONGEST_BODY: u64 = 1 << 20;
const TOLERANCE_SECONDS: u64 = 300;

fn main() -> io::Result<()> {
    let answer = match variable("SCRIPT_NAME").as_str() {
        "/hello" => "Content-Type: text/plain\r\n\r\nHello, world!\n".to_string(),
        "/verify" => verify()?,
        "/webhooks/stripe" => receive()?,
        _ => "Status: 404 Not Found\r\n\r\n".to_string(),
    };
    io::stdout().write_all(answer.as_bytes())
}

fn verify() -> io::Result<String> {
    let body = body()?;
    Ok(match verified(&body) {
        Some(_) => "Content-Type: application/json\r\n\r\n{\"ok\":true}\n".to_string(),
        None => refusal(),
    })
}

/// Answers after the commit, as Hearth's inbox does.
fn receive() -> io::Result<String> {
    let body = body()?;
    let event = match verified(&body) {
        Some(event) => event,
        None => return Ok(refusal()),
    };
    Ok(match store::insert(&variable("BENCH_SQLITE"), &event, &body, now()) {
        Ok(is_new) => format!("Content-Type: application/json\r\n\r\n{{\"duplicate\":{}}}\n", !is_new),
        Err(reason) => format!("Status: 503 Service Unavailable\r\n\r\n{}\n", reason),
    })
}

fn refusal() -> String {
    "Status: 400 Bad Request\r\n\r\n".to_string()
}

fn body() -> io::Result<Vec<u8>> {
    let length = variable("CONTENT_LENGTH").parse().unwrap_or(0).min(LONGEST_BODY);
    let mut body = Vec::with_capacity(length as usize);
    io::stdin().take(length).read_to_end(&mut body)?;
    Ok(body)
}

/// The event, where Stripe's signature over "time.body" fits and is fresh.
fn verified(body: &[u8]) -> Option<Event<'_>> {
    let header = variable("HTTP_STRIPE_SIGNATURE");
    let mut time = "";
    let mut codes = Vec::new();
    for part in header.split(',') {
        match part.split_once('=') {
            Some(("t", value)) => time = value,
            Some(("v1", value)) => codes.push(value),
            _ => {}
        }
    }
    let signed: u64 = time.parse().ok()?;
    if (now().as_secs()).abs_diff(signed) > TOLERANCE_SECONDS {
        return None;
    }
    let expected = sha256::hex(&sha256::hmac(variable("BENCH_SECRET").as_bytes(), &[time.as_bytes(), b".", body]));
    if !codes.iter().any(|code| equal(code.as_bytes(), expected.as_bytes())) {
        return None;
    }
    json::event(body)
}

/// In constant time.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn now() -> std::time::Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock stands after 1970")
}
