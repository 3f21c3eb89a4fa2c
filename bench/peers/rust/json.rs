// Reads a whole JSON document once and keeps what the inbox wants to know of an event.

const DEEPEST: usize = 100;

#[derive(Default)]
pub struct Event<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub object: Option<&'a str>,
    pub created: i64,
}

/// Nothing where the document is not an event. A name or text that is wanted has no escapes.
pub fn event(document: &[u8]) -> Option<Event<'_>> {
    let mut reader = Reader { bytes: document, at: 0 };
    let mut event = Event::default();
    reader.members(0, &mut |reader, name| match name {
        "id" => Some(event.id = reader.text()?),
        "type" => Some(event.kind = reader.text()?),
        "created" => Some(event.created = reader.number()?.parse().ok()?),
        "data" => reader.members(1, &mut |reader, name| match name {
            "object" => reader.members(2, &mut |reader, name| match name {
                "id" => Some(event.object = Some(reader.text()?)),
                _ => reader.skip(3),
            }),
            _ => reader.skip(2),
        }),
        _ => reader.skip(1),
    })?;
    reader.space();
    let whole = reader.at == document.len() && !event.id.is_empty() && !event.kind.is_empty();
    whole.then(|| event)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

type Visit<'v, 'a> = dyn FnMut(&mut Reader<'a>, &'a str) -> Option<()> + 'v;

impl<'a> Reader<'a> {
    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn members(&mut self, depth: usize, visit: &mut Visit<'_, 'a>) -> Option<()> {
        self.take(b'{')?;
        if depth > DEEPEST || self.take(b'}').is_some() {
            return (depth <= DEEPEST).then(|| ());
        }
        loop {
            let name = self.text()?;
            self.take(b':')?;
            visit(self, name)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    fn elements(&mut self, depth: usize) -> Option<()> {
        self.take(b'[')?;
        if depth > DEEPEST || self.take(b']').is_some() {
            return (depth <= DEEPEST).then(|| ());
        }
        loop {
            self.skip(depth + 1)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    /// What stands between the quotes, escapes as they are.
    fn text(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            match *self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                0..=31 => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        std::str::from_utf8(&self.bytes[start..self.at - 1]).ok()
    }

    fn number(&mut self) -> Option<&'a str> {
        self.space();
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let number = std::str::from_utf8(&self.bytes[start..self.at]).ok()?;
        number.parse::<f64>().ok().map(|_| number)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'{' => self.members(depth, &mut |reader, _| reader.skip(depth + 1)),
            b'[' => self.elements(depth),
            b'"' => self.text().map(|_| ()),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number().map(|_| ()),
        }
    }
}
