//! What the program says about its settings.

/// A setting the program does not know, or a value it cannot read; `path` is the section, `cause` what the reader said.
pub fn refused(path: &str, cause: &str) -> String {
    let place = if path.is_empty() {
        String::new()
    } else {
        format!(" bij '{path}'")
    };
    format!(
        "Een instelling{place} is niet bekend of niet leesbaar: {cause}. Kijk in config/default.toml welke er zijn."
    )
}

/// There is no file with settings or weights at this path.
pub fn file_missing(path: impl std::fmt::Display) -> String {
    format!("Instellingenbestand {path} bestaat niet. Controleer het pad.")
}

/// A setting with a value that cannot work, and what to do.
pub fn problem(setting: &str, remedy: &str) -> String {
    format!("{setting}: {remedy}")
}

/// The file with the certificate of the mail server cannot be used.
pub fn certificate_unusable(path: impl std::fmt::Display, cause: &str) -> String {
    format!(
        "mail.root_certificate: Het certificaat in {path} is niet te gebruiken: {cause}. Geef een PEM-bestand."
    )
}

/// Without a secret nobody can prove who they are on a shared database.
pub fn secret_missing() -> String {
    "auth.secret: Vul een geheim van minstens 32 tekens in: bij PostgreSQL delen alle servers het."
        .to_owned()
}

/// The file with the secret beside the embedded database cannot be used.
pub fn secret_unreadable(path: &str, cause: &str) -> String {
    format!("Het geheim in {path} is niet te lezen of te maken: {cause}. Controleer de rechten.")
}
