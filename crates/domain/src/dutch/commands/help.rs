//! What `samenspel --help` says, and what it says when a command is not typed right.

/// The words of the help that its library writes in English, with ours.
pub const OUR_WORDS: &[(&str, &str)] = &[
    ("Usage:", "Gebruik:"),
    ("[OPTIONS]", "[OPTIES]"),
    ("Options:", "Opties:"),
    ("Commands:", "Opdrachten:"),
    ("Arguments:", "Gegevens:"),
    ("Print help", "Toon deze uitleg"),
    ("Print version", "Toon de versie"),
    ("[default: ", "[standaard: "),
    ("[possible values: ", "[keuzes: "),
    ("[env: ", "[omgeving: "),
];

/// The program itself.
pub const PROGRAM: &str = "Samenspel brengt vraag en aanbod van burgerinitiatieven bij elkaar.";
/// `--config`.
pub const CONFIG: &str = "Bestand met instellingen (TOML)";
/// `--database`.
pub const DATABASE: &str = "Database: een pad naar een SQLite-bestand, of postgres://…";
/// `--json`.
pub const JSON: &str = "Geef het antwoord als JSON";

/// `demo`.
pub const DEMO: &str =
    "Laat alles zien met een proefmarkt: inlezen, matchen, kennismaken, en daarna de website";
/// `demo --no-serve`.
pub const DEMO_NO_SERVE: &str = "Stop na de kennismakingen; start de website niet";
/// `demo --folder`.
pub const DEMO_FOLDER: &str =
    "Map voor de proefmarkt; een eerdere proefmarkt in die map wordt gewist";
/// `--listen`.
pub const LISTEN: &str = "Adres en poort waar de website luistert, zoals 127.0.0.1:8080";

/// `serve`.
pub const SERVE: &str = "Start de website, de API en het werk dat vanzelf gaat";
/// `rank`.
pub const RANK: &str = "Zoek bij elke vraag in een bestand het beste aanbod, zonder database";
/// `rank --requests`.
pub const RANK_REQUESTS: &str = "Bestand met vragen (CSV of XLSX)";
/// `rank --offers`.
pub const RANK_OFFERS: &str = "Bestand met aanbod (CSV of XLSX)";
/// `rank --top`.
pub const RANK_TOP: &str = "Hoeveel aanbod per vraag, hoogstens";
/// `--output`.
pub const OUTPUT: &str = "Schrijf naar dit bestand (.csv of .xlsx) in plaats van naar het scherm";
/// `rank --weights`.
pub const RANK_WEIGHTS: &str =
    "Bestand met gewichten (TOML); wat er niet in staat, houdt zijn gewone waarde";
/// `--skip-invalid`.
pub const SKIP_INVALID: &str =
    "Sla regels met een fout over; elke overgeslagen regel wordt genoemd";

/// `suggest`.
pub const SUGGEST: &str =
    "Lees een bericht en laat zien welk thema, welke fase, hulp en plaats erbij passen";
/// What to read.
pub const SUGGEST_FILE: &str =
    "Bestand met de titel op de eerste regel en de tekst daaronder; zonder bestand de invoer";
/// `suggest --place`.
pub const SUGGEST_PLACE: &str = "De plaats die bij het bericht is ingevuld";
/// `suggest --offer`.
pub const SUGGEST_OFFER: &str = "Lees het bericht als aanbod; anders als vraag";

/// `tune`.
pub const TUNE: &str = "Zoek de gewichten die het best passen bij wat mensen van paren vonden";
/// `tune --judged`.
pub const TUNE_JUDGED: &str = "Bestand met oordelen: vraag, aanbod en een cijfer van 0 tot en met 3, met tabs; mag vaker. Of: market, voor wat er in de database is beoordeeld";
/// `tune --output`.
pub const TUNE_OUTPUT: &str =
    "Schrijf de nieuwe gewichten naar dit bestand (TOML); anders verandert er niets";

/// `import`.
pub const IMPORT: &str =
    "Lees organisaties, vragen of aanbod uit een bestand; bij een fout wordt niets ingelezen";
/// What to import.
pub const IMPORT_WHAT: &str = "Wat er in het bestand staat";
/// The file to import.
pub const IMPORT_FILE: &str = "Het bestand (CSV of XLSX)";
/// `import --no-rematch`.
pub const IMPORT_NO_REMATCH: &str = "Zoek daarna niet meteen wat bij elkaar past";
/// `export`.
pub const EXPORT: &str = "Schrijf organisaties, vragen, aanbod of koppelingen naar een bestand";
/// What to export.
pub const EXPORT_WHAT: &str = "Wat u wilt hebben";

/// `migrate`.
pub const MIGRATE: &str = "Maak de database, of werk de tabellen bij";
/// `member`.
pub const MEMBER: &str = "Beheer mensen";
/// `member add`.
pub const MEMBER_ADD: &str = "Voeg iemand toe; een organisatie die er nog niet is, wordt gemaakt";
/// `--email`.
pub const EMAIL: &str = "E-mailadres";
/// `member change`.
pub const MEMBER_CHANGE: &str = "Geef iemand een andere rol, en een coördinator de eigen regio's";
/// `member remove`.
pub const MEMBER_REMOVE: &str = "Haal iemand weg: wie het is, wordt vergeten";
/// `member add --name`.
pub const MEMBER_NAME: &str = "Voor- en achternaam";
/// `member add --organisation`.
pub const MEMBER_ORGANISATION: &str = "Naam van de organisatie";
/// `member add --kind`.
pub const MEMBER_KIND: &str =
    "Soort organisatie, als die nieuw is: initiative, partner of system_party";
/// `member add --role`.
pub const MEMBER_ROLE: &str = "Rol: member, coordinator of admin";
/// `member add --region`.
pub const MEMBER_REGION: &str = "Regio waarvoor een coördinator werkt, als naam of code; mag vaker";
/// `token`.
pub const TOKEN: &str = "Beheer tokens voor de API";
/// `token issue`.
pub const TOKEN_ISSUE: &str = "Geef een token voor iemand; alleen het token komt op het scherm";

/// `outbox`.
pub const OUTBOX: &str = "Beheer de post die wacht of vastzit";
/// `outbox list`.
pub const OUTBOX_LIST: &str = "Toon de zendingen, de nieuwste eerst";
/// `outbox list --state`.
pub const OUTBOX_STATE: &str = "Alleen zendingen met deze status, zoals ready, sent of dead";
/// `outbox list --limit`.
pub const OUTBOX_LIMIT: &str = "Hoeveel zendingen, hoogstens";
/// `outbox deliver`.
pub const OUTBOX_DELIVER: &str = "Verstuur alles wat nu moet gaan";
/// `--once`.
pub const ONCE: &str = "Eén keer; dat moet u erbij zetten";
/// `outbox retry`.
pub const OUTBOX_RETRY: &str = "Probeer een zending opnieuw";
/// The delivery to retry.
pub const OUTBOX_ID: &str = "Kenmerk van de zending (del_…)";
/// `outbox retry --dead`.
pub const OUTBOX_DEAD: &str = "Alle zendingen waarvan de pogingen op zijn";
/// `outbox pause`.
pub const OUTBOX_PAUSE: &str = "Zet alle post stil, ook van andere servers op deze database";
/// `outbox pause --reason`.
pub const OUTBOX_REASON: &str = "Waarom, voor wie het later ziet";
/// `outbox resume`.
pub const OUTBOX_RESUME: &str = "Laat de post weer gaan";
/// `outbox resume --resend`.
pub const OUTBOX_RESEND: &str = "Verstuur ook, één keer, wat sinds het terugzetten van een back-up wordt vastgehouden; wie het al kreeg, krijgt het dan twee keer";
/// `outbox block`.
pub const OUTBOX_BLOCK: &str = "Stuur niets meer naar een adres";
/// `outbox unblock`.
pub const OUTBOX_UNBLOCK: &str = "Stuur weer post naar een adres";
/// `outbox blocked`.
pub const OUTBOX_BLOCKED: &str = "Toon de adressen waar niets meer naartoe gaat";

/// `run`.
pub const RUN: &str =
    "Doe alles wat nu vanzelf moet gebeuren: post, herinneringen, verlopen berichten";
/// `rematch`.
pub const REMATCH: &str = "Zoek voor alle open vragen opnieuw wat erbij past";
/// `backup`.
pub const BACKUP: &str =
    "Maak een gecontroleerde back-up van de database; de website kan gewoon doorwerken";
/// The file of a backup.
pub const BACKUP_FILE: &str =
    "Bestand voor de back-up; de beschrijving komt ernaast, in BESTAND.json";
/// `backup --force`.
pub const BACKUP_FORCE: &str = "Vervang een back-up met dezelfde naam";
/// `restore`.
pub const RESTORE: &str = "Zet een back-up terug in een nieuwe database; de post staat daarna stil";
/// The backup to restore.
pub const RESTORE_FILE: &str = "De back-up, met de beschrijving BESTAND.json ernaast";
/// `check`.
pub const CHECK: &str = "Controleer de instellingen en de database";
/// `openapi`.
pub const OPENAPI: &str = "Toon het contract van de API";

/// What stands under a message about how a command was typed.
pub fn see(command: &str) -> String {
    format!("Bekijk de uitleg met: {command} --help")
}

/// An option nobody knows; `near` is one that is like it.
pub fn unknown_option(typed: &str, near: Option<&str>) -> String {
    format!("De optie '{typed}' bestaat niet.{}", did_you_mean(near))
}

/// A command nobody knows; `near` is one that is like it.
pub fn unknown_command(typed: &str, near: Option<&str>) -> String {
    format!("De opdracht '{typed}' bestaat niet.{}", did_you_mean(near))
}

/// A value that cannot stand with an option.
pub fn bad_value(option: &str, typed: &str, choices: &[String]) -> String {
    let remedy = if choices.is_empty() {
        String::new()
    } else {
        format!(" Kies uit: {}.", choices.join(", "))
    };
    if typed.is_empty() {
        format!("Bij {option} ontbreekt de waarde.{remedy}")
    } else {
        format!("Bij {option} kan '{typed}' niet staan.{remedy}")
    }
}

/// What must be typed and was not.
pub fn missing(options: &[String]) -> String {
    format!("Dit ontbreekt nog: {}.", options.join(" "))
}

/// A command that is only the first half of one.
pub fn command_missing(choices: &[String]) -> String {
    format!("Zeg ook wat u wilt doen: {}.", choices.join(", "))
}

/// Two options that do not go together.
pub fn not_together(one: &str, other: &str) -> String {
    format!("{one} en {other} gaan niet samen. Kies er één.")
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" Bedoelt u '{near}'?"))
}
