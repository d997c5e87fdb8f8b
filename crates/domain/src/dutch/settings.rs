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

/// A secret that stood in an example, or is too regular.
pub fn secret_guessable() -> &'static str {
    "Dit geheim is te raden. Maak er een met: openssl rand -hex 32"
}

/// Letters that are only written to files.
pub fn mail_reaches_nobody() -> &'static str {
    "Kies smtp: met files komt de post in een map en krijgt niemand een brief."
}

/// Letters that go over the internet without TLS.
pub fn mail_readable() -> &'static str {
    "Kies starttls of tls: anders gaan de brieven leesbaar over het internet."
}

/// An address that stands in examples.
pub fn address_of_example() -> &'static str {
    "Vul een eigen adres in: dit is een voorbeeld, en bestaat niet."
}

/// A server that the internet reaches past whatever speaks TLS.
pub fn listens_to_all() -> &'static str {
    "Luister op 127.0.0.1 of een adres op uw eigen net, achter een proxy die https spreekt: op dit adres gaat alles leesbaar over het internet."
}

/// A server that perhaps is reached past whatever speaks TLS.
pub fn listens_everywhere() -> &'static str {
    "Zorg dat alleen de proxy bij deze poort kan: zonder proxy gaat alles leesbaar over het net."
}

/// A site without TLS that is not on a network of one's own.
pub fn site_readable() -> &'static str {
    "Gebruik https: nu gaan namen, adressen en tokens leesbaar over het internet."
}

/// A relay that gets too little time.
pub fn impatient() -> &'static str {
    "Kies 600: een langzame mailserver kan een brief nog aannemen nadat het programma is gestopt met wachten, en dan komt die dubbel."
}

/// A relay that is not asked about letters of which the end is not known.
pub fn relay_not_asked() -> &'static str {
    "Vul een opdracht in die bij de mailserver navraagt: nu kan een brief na een storing dubbel komen."
}

/// A database across the internet.
pub fn database_readable() -> &'static str {
    "De verbinding met PostgreSQL is niet versleuteld. Gebruik een server op een eigen net, of een tunnel op deze machine."
}

/// The file with the key that letters are signed with cannot be used.
pub fn dkim_key_unusable(path: impl std::fmt::Display, cause: impl std::fmt::Display) -> String {
    format!(
        "mail.dkim_key: De sleutel in {path} is niet te gebruiken: {cause}. Maak een sleutel met: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"
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
