// One row into SQLite, by the C interface of the system's library.

use crate::json::Event;
use crate::sha256;
use std::ffi::{c_void, CStr, CString};
use std::os::raw::{c_char, c_int};
use std::ptr;
use std::time::Duration;

const DONE: c_int = 101;
const INSERT: &str = "INSERT INTO events (source, external_id, event_type, object_id, event_created, received_at, body, body_sha256)
    VALUES ('stripe', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, external_id) DO NOTHING";

#[link(name = "sqlite3")]
extern "C" {
    fn sqlite3_open(file: *const c_char, database: *mut *mut c_void) -> c_int;
    fn sqlite3_close(database: *mut c_void) -> c_int;
    fn sqlite3_errmsg(database: *mut c_void) -> *const c_char;
    fn sqlite3_exec(database: *mut c_void, sql: *const c_char, row: *const c_void, more: *mut c_void, error: *mut *mut c_char) -> c_int;
    fn sqlite3_prepare_v2(database: *mut c_void, sql: *const c_char, length: c_int, made: *mut *mut c_void, rest: *mut *const c_char) -> c_int;
    fn sqlite3_bind_text(statement: *mut c_void, at: c_int, text: *const c_char, length: c_int, free: *const c_void) -> c_int;
    fn sqlite3_bind_int64(statement: *mut c_void, at: c_int, number: i64) -> c_int;
    fn sqlite3_step(statement: *mut c_void) -> c_int;
    fn sqlite3_finalize(statement: *mut c_void) -> c_int;
    fn sqlite3_changes(database: *mut c_void) -> c_int;
}

/// Whether the event was new; an error is SQLite's own message.
pub fn insert(file: &str, event: &Event, body: &[u8], received: Duration) -> Result<bool, String> {
    let path = text(file);
    let mut database = ptr::null_mut();
    // SAFETY: each pointer comes from SQLite or from a value that lives until the connection is closed; bound texts are
    // not copied and outlive the statement.
    unsafe {
        let opened = sqlite3_open(path.as_ptr(), &mut database) == 0;
        let result = if opened && run(database, event, body, received) {
            Ok(sqlite3_changes(database) == 1)
        } else {
            Err(CStr::from_ptr(sqlite3_errmsg(database)).to_string_lossy().into_owned())
        };
        sqlite3_close(database);
        result
    }
}

unsafe fn run(database: *mut c_void, event: &Event, body: &[u8], received: Duration) -> bool {
    // Waiting first: whoever closes the file last before this one holds it while its log is written back.
    let settings = text("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL");
    if sqlite3_exec(database, settings.as_ptr(), ptr::null(), ptr::null_mut(), ptr::null_mut()) != 0 {
        return false;
    }
    let sql = text(INSERT);
    let mut statement = ptr::null_mut();
    if sqlite3_prepare_v2(database, sql.as_ptr(), -1, &mut statement, ptr::null_mut()) != 0 {
        return false;
    }
    let digest = sha256::hex(&sha256::digest(body));
    bind(statement, 1, event.id.as_bytes());
    bind(statement, 2, event.kind.as_bytes());
    if let Some(object) = event.object {
        bind(statement, 3, object.as_bytes());
    }
    sqlite3_bind_int64(statement, 4, event.created);
    sqlite3_bind_int64(statement, 5, received.as_millis() as i64);
    bind(statement, 6, body);
    bind(statement, 7, digest.as_bytes());
    let done = sqlite3_step(statement) == DONE;
    sqlite3_finalize(statement);
    done
}

unsafe fn bind(statement: *mut c_void, at: c_int, value: &[u8]) {
    sqlite3_bind_text(statement, at, value.as_ptr().cast(), value.len() as c_int, ptr::null());
}

fn text(value: &str) -> CString {
    CString::new(value).expect("no NUL in what the benchmark makes")
}
