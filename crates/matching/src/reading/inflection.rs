//! Forms of Dutch words: the forms a listed word takes, and the words a form in a text may come from.
//!
//! Stems are too coarse for short words: Snowball makes `zal` of "zaal" and of "zal", `ker` of "keer" and of "kers". So the
//! lexicon keeps the regular forms of each word as they are written, and only long words are also known by their stem.

/// The forms in which a listed word is written, itself first: plural and `-e`, and for a verb those of the present.
pub(super) fn forms(word: &str) -> Vec<String> {
    let mut found = vec![word.to_owned(), format!("{word}s")];
    if let Some(stem) = word.strip_suffix("en") {
        // A verb ("koken") or a thing that ends like one ("keuken"): which of both is not written.
        if let Some(alone) = shortened(stem) {
            found.push(format!("{alone}t"));
            found.push(alone);
        }
    } else {
        for longer in lengthened(word) {
            found.push(format!("{longer}en"));
            found.push(format!("{longer}e"));
        }
    }
    found.dedup();
    found
}

/// A word as it is written before `-en` and `-e`: "zal" of "zaal", "kass" of "kas", "huiz" of "huis".
fn lengthened(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let [.., before, middle, last] = letters.as_slice() else {
        return vec![word.to_owned()];
    };
    if is_vowel(*last) {
        return vec![word.to_owned()];
    }
    let mut start: String = word.to_owned();
    start.pop();
    if before == middle && is_vowel(*middle) {
        start.pop();
        return voiced(&start, *last);
    }
    if is_vowel(*middle) && !is_vowel(*before) {
        // Both "bruggen" and "regelen": whether the last syllable is stressed is not written.
        return vec![format!("{word}{last}"), word.to_owned()];
    }
    voiced(&start, *last)
}

/// A start with its last letter, and with the letter it becomes between vowels.
fn voiced(start: &str, last: char) -> Vec<String> {
    let mut found = vec![format!("{start}{last}")];
    match last {
        's' => found.push(format!("{start}z")),
        'f' => found.push(format!("{start}v")),
        _ => {}
    }
    found
}

/// A verb or plural without its `-en`, as it is written alone: "kook" of "kok(en)", "zwem" of "zwemm(en)".
fn shortened(stem: &str) -> Option<String> {
    let letters: Vec<char> = stem.chars().collect();
    let [.., before, middle, last] = letters.as_slice() else {
        return None;
    };
    let last_alone = match last {
        'z' => 's',
        'v' => 'f',
        other => *other,
    };
    let mut start: String = stem.to_owned();
    start.pop();
    if middle == last {
        return Some(start);
    }
    if is_vowel(*middle) && !is_vowel(*before) {
        start.push(*middle);
    }
    start.push(last_alone);
    Some(start)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// What may stand before a verb and apart from it: "opgeknapt" comes from "opknappen".
const SEPARABLE: [&str; 22] = [
    "aan", "achter", "af", "bij", "binnen", "door", "in", "mee", "mede", "na", "om", "onder", "op",
    "over", "rond", "samen", "schoon", "terug", "toe", "uit", "voor", "weg",
];

/// The verbs a word may be a form of, without their ending: "zoekt" and "gezoekt" give "zoek".
pub(super) fn verbs(folded: &str) -> Vec<String> {
    let ending = |word: &str| {
        word.strip_suffix('t')
            .or_else(|| word.strip_suffix('d'))
            .filter(|rest| rest.chars().nth(2).is_some())
            .map(str::to_owned)
    };
    let mut found = Vec::new();
    found.extend(ending(folded));
    let participle = |word: &str| word.strip_prefix("ge").and_then(ending);
    found.extend(participle(folded));
    for prefix in SEPARABLE {
        if let Some(rest) = folded.strip_prefix(prefix).and_then(participle) {
            found.push(format!("{prefix}{rest}"));
        }
    }
    found
}

/// The things a diminutive may be of: "zaaltje" of "zaal", "boompje" of "boom", "bruggetje" of "brug".
pub(super) fn diminished(folded: &str) -> Vec<String> {
    let Some(word) = folded
        .strip_suffix("jes")
        .or_else(|| folded.strip_suffix("je"))
        .filter(|rest| rest.chars().nth(2).is_some())
    else {
        return Vec::new();
    };
    let mut found = vec![word.to_owned()];
    if let Some(rest) = word.strip_suffix('t') {
        found.push(rest.to_owned());
        if let Some(short) = rest.strip_suffix('e') {
            found.push(short.to_owned());
            // The last letter was doubled before "etje".
            let mut letters = short.chars().rev();
            if letters.next() == letters.next() {
                let mut single = short.to_owned();
                single.pop();
                found.push(single);
            }
        }
        // "fotootje" and "parapluutje" doubled a vowel.
        let mut letters = rest.chars().rev();
        if letters.next() == letters.next() {
            let mut single = rest.to_owned();
            single.pop();
            found.push(single);
        }
    }
    if let Some(rest) = word.strip_suffix('p') {
        found.push(rest.to_owned());
    }
    if let Some(rest) = word.strip_suffix("nk") {
        found.push(format!("{rest}ng"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_by_its_regular_forms() {
        for (word, form) in [
            ("zaal", "zalen"),
            ("kas", "kassen"),
            ("brug", "bruggen"),
            ("huis", "huizen"),
            ("brief", "brieven"),
            ("keuken", "keukens"),
            ("koken", "kookt"),
            ("zwemmen", "zwemt"),
            ("lenen", "leen"),
            ("groot", "grote"),
            ("tafel", "tafels"),
        ] {
            assert!(forms(word).contains(&form.to_owned()), "{word} {form}");
        }
        assert!(!forms("zaal").contains(&"zal".to_owned()));
        assert!(!forms("duur").contains(&"duurt".to_owned()));
    }

    #[test]
    fn a_diminutive_is_the_thing_itself() {
        for (small, thing) in [
            ("zaaltje", "zaal"),
            ("zaaltjes", "zaal"),
            ("boompje", "boom"),
            ("bruggetje", "brug"),
            ("huisje", "huis"),
            ("fotootje", "foto"),
            ("woninkje", "woning"),
            ("kasje", "kas"),
        ] {
            assert!(
                diminished(small).contains(&thing.to_owned()),
                "{small} {thing}"
            );
        }
    }

    #[test]
    fn a_participle_is_its_verb() {
        for (participle, verb) in [
            ("gerepareerd", "repareer"),
            ("opgeknapt", "opknap"),
            ("geleend", "leen"),
        ] {
            assert!(
                verbs(participle).contains(&verb.to_owned()),
                "{participle} {verb}"
            );
        }
    }
}
