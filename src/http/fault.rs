//! What became of a request that got no whole answer.

use std::{error::Error, fmt, io};

use rustls::CertificateError;

/// Why there is no whole answer, in words of ours: nothing is quoted of what came, and no cause stands there twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// No connection was made: nothing was sent.
    NoConnection(String),
    /// No answer came in time.
    TooLate,
    /// The connection broke, after the request may have been sent.
    Broken(String),
}

impl Fault {
    /// What `error` comes to.
    pub fn of(error: &reqwest::Error) -> Fault {
        let cause = || cause(error).unwrap_or_else(|| stage(error).to_owned());
        match (error.is_connect() || error.is_builder(), error.is_timeout()) {
            (true, true) => Fault::NoConnection("nobody answers".to_owned()),
            (true, false) => Fault::NoConnection(cause()),
            (false, true) => Fault::TooLate,
            (false, false) => Fault::Broken(cause()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Fault::NoConnection(cause) => write!(f, "no connection: {cause}"),
            Fault::TooLate => f.write_str("no answer in time"),
            Fault::Broken(cause) => write!(f, "the connection broke: {cause}"),
        }
    }
}

/// The innermost cause that is the operating system's or of TLS: those around it repeat it.
fn cause(error: &reqwest::Error) -> Option<String> {
    let causes = std::iter::successors(error.source(), |cause| inner(*cause));
    causes.filter_map(|cause| system(cause).or_else(|| tls(cause))).last()
}

/// What is behind an error. `io::Error` passes over the one that it holds.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    held.map(|held| held as &(dyn Error + 'static)).or_else(|| error.source())
}

/// What the operating system says; of a name that is not known it has no number.
fn system(error: &(dyn Error + 'static)) -> Option<String> {
    let text = error.to_string();
    let coded = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
    let coded = coded.map(|code| io::Error::from_raw_os_error(code).to_string());
    let unknown = text.starts_with("failed to lookup address information");
    coded.or_else(|| unknown.then(|| "the name of the host is not known".to_owned()))
}

fn tls(error: &(dyn Error + 'static)) -> Option<String> {
    use rustls::Error as Tls;
    Some(match error.downcast_ref::<Tls>()? {
        Tls::InvalidCertificate(why) => format!("the certificate of the host {}", certificate(why)),
        Tls::InvalidMessage(_) => "what answers there does not speak TLS".to_owned(),
        Tls::AlertReceived(_) => "the host broke the TLS handshake off".to_owned(),
        _ => "TLS with the host came to nothing".to_owned(),
    })
}

fn certificate(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::UnknownIssuer => "was issued by nobody whom this machine trusts",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name"
        }
        CertificateError::Revoked => "was revoked",
        _ => "is not valid",
    }
}

/// How far it came, where nobody says why it went no further.
fn stage(error: &reqwest::Error) -> &'static str {
    match () {
        () if error.is_builder() => "TLS is not to be had on this machine",
        () if error.is_connect() => "no reason is given",
        () if error.is_decode() => "what came cannot be unpacked",
        () if error.is_body() => "the answer was cut off",
        () => "no answer came",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_cause_is_told_once() {
        let client =
            |url: &str| crate::http::client(&url.parse().unwrap(), std::time::Duration::from_secs(5));
        let closed = "http://127.0.0.1:1/";
        let refused = std::net::TcpStream::connect("127.0.0.1:1").unwrap_err();
        let error = client(closed).unwrap().get(closed).send().await.unwrap_err();
        assert_eq!(Fault::of(&error).to_string(), format!("no connection: {refused}"));
        let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let speaks_tls = format!("https://{}/", plain.local_addr().unwrap());
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = plain.accept().unwrap();
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"HTTP/1.1 400 secret\r\n\r\n");
        });
        let error = client(&speaks_tls).unwrap().get(&speaks_tls).send().await.unwrap_err();
        let expected = "no connection: what answers there does not speak TLS";
        assert_eq!(Fault::of(&error).to_string(), expected);
    }

    #[test]
    fn the_host_has_no_word_in_what_is_told_of_its_certificate() {
        let invalid = |why| tls(&rustls::Error::InvalidCertificate(why)).unwrap();
        assert_eq!(
            invalid(CertificateError::UnknownIssuer),
            "the certificate of the host was issued by nobody whom this machine trusts"
        );
        assert_eq!(invalid(CertificateError::Expired), "the certificate of the host has expired");
        assert_eq!(invalid(CertificateError::BadEncoding), "the certificate of the host is not valid");
    }
}
