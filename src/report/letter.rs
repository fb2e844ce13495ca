//! Letters to those who must do what we cannot: as text, as JSON, and as a mail (RFC 5322).

use anyhow::Context;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use serde_json::{Value, json};

use super::{Report, Style};
use crate::{
    letter::{self, AsnRequest, Item, Letter, Wish},
    rpsl::Key,
};

/// A letter that was written.
#[derive(Clone, Debug)]
pub struct WrittenLetter {
    /// The letter.
    pub letter: Letter,
    /// Whether it stands in a file, and need not be shown.
    pub is_written: bool,
}

impl Report for WrittenLetter {
    fn text(&self, _style: Style) -> String {
        match (self.letter.items.is_empty(), self.is_written) {
            (true, _) => "nothing is to be asked for\n".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("{}{}", head(&self.letter), letter::text(&self.letter)),
        }
    }

    fn json(&self) -> Value {
        let Letter { to, from, subject, items, .. } = &self.letter;
        json!({
            "schema": "ripectl/letter/1",
            "to": to,
            "from": from,
            "subject": subject,
            "items": items.iter().map(item).collect::<Vec<_>>(),
            "text": letter::text(&self.letter),
        })
    }

    fn is_file(&self) -> bool {
        true
    }
}

fn head(letter: &Letter) -> String {
    let to = if letter.to.is_empty() { String::new() } else { format!("To: {}\n", letter.to.join(", ")) };
    format!("{to}Subject: {}\n\n", letter.subject)
}

fn item(item: &Item) -> Value {
    let named = |key: &Key| json!({ "type": key.class().text(), "key": key.text() });
    let mut value = match &item.wish {
        Wish::Add { key, lines, after } => {
            json!({ "wish": "add", "object": named(key), "lines": lines, "after": after.print() })
        }
        Wish::Make { key, lines } => json!({ "wish": "make", "object": named(key), "lines": lines }),
        Wish::Remove { key, instead } => json!({
            "wish": "remove", "object": named(key), "instead": instead.as_ref().map(|(line, _)| line),
            "after": instead.as_ref().map(|(_, after)| after.print()),
        }),
        Wish::Delegate { key, records } => {
            json!({ "wish": "delegate", "object": named(key), "lines": records })
        }
        Wish::Roa { prefix, origin, max_length } => json!({
            "wish": "roa", "prefix": prefix.to_string(), "origin": origin.to_string(), "max_length": max_length,
        }),
    };
    if let Some(fields) = value.as_object_mut() {
        fields.insert("why".to_owned(), json!(item.why));
    }
    value
}

/// The letter as a mail that is not sent yet.
pub fn as_mail(letter: &Letter, now: Timestamp) -> anyhow::Result<String> {
    let to: Vec<&str> = letter.to.iter().map(String::as_str).collect();
    let mut mail = MessageBuilder::new()
        .subject(letter.subject.as_str())
        .date(now.as_second())
        .header("X-Unsent", mail_builder::headers::raw::Raw::new("1"))
        .text_body(letter::text(letter));
    if let Some(from) = &letter.from {
        mail = mail.from(from.as_str());
    }
    if !to.is_empty() {
        mail = mail.to(to);
    }
    mail.write_to_string().context("the letter cannot be made a mail")
}

/// What is needed to ask for an AS number; `None` if something is missing, which was said.
#[derive(Clone, Debug)]
pub struct PackedRequest(pub Option<AsnRequest>);

impl PackedRequest {
    /// The pack, as it is sent.
    pub fn pack(&self) -> String {
        let Some(request) = &self.0 else { return String::new() };
        let AsnRequest { organisation, contact, maintainers, prefixes, peers, draft } = request;
        let listed = |texts: Vec<String>| texts.join(", ");
        let maintainers = listed(maintainers.iter().map(|key| key.text().to_owned()).collect());
        let peers = listed(peers.iter().map(ToString::to_string).collect());
        format!(
            "Request for an AS number\n\n\
             Organisation:      {}\n\
             Contact:           {}\n\
             Maintainers:       {maintainers}\n\
             Address space:     {}\n\
             Connected to:      {peers}\n\
             Number:            32 bits\n\n\
             The organisation, as it is declared:\n\n{}\n\
             The aut-num as it would be; AS4200000000 stands for the number that is given:\n\n{}",
            organisation.written_key(),
            contact.text(),
            if prefixes.is_empty() { "asked for beside it".to_owned() } else { prefixes.join(", ") },
            organisation.print(),
            draft.print(),
        )
    }
}

impl Report for PackedRequest {
    fn text(&self, _style: Style) -> String {
        self.pack()
    }

    fn json(&self) -> Value {
        let request = self.0.as_ref();
        let texts = |keys: &[Key]| keys.iter().map(|key| key.text().to_owned()).collect::<Vec<_>>();
        json!({
            "schema": "ripectl/asn-request/1",
            "organisation": request.map(|request| request.organisation.written_key()),
            "contact": request.map(|request| request.contact.text()),
            "maintainers": request.map(|request| texts(&request.maintainers)),
            "prefixes": request.map(|request| &request.prefixes),
            "peers": request.map(|request| request.peers.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "draft": request.map(|request| request.draft.print()),
        })
    }

    fn is_file(&self) -> bool {
        true
    }
}
