//! Brings what people type and what the files say to one form: no capitals, accents or punctuation, and one spelling
//! for small words that are written in many ways.

/// How much of a typed text is read, in characters: no place needs more, and more would cost work.
const MAX_READ: usize = 200;

/// The pieces of a text between commas, brackets, dashes and the like, each as its words; no piece is empty.
pub(crate) fn pieces(text: &str) -> Vec<Vec<String>> {
    let letters: Vec<char> = text.chars().take(MAX_READ).collect();
    let mut pieces = vec![Vec::new()];
    let mut word = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(index + 1);
        match sign(letter, before, after) {
            Sign::Letters => fold(letter, &mut word),
            Sign::Silent => {}
            Sign::Space => end_word(&mut word, &mut pieces),
            // "a/d" and "o/d" are one short word, not two pieces.
            Sign::Break if letter == '/' && word.len() == 1 => end_word(&mut word, &mut pieces),
            Sign::Break => {
                end_word(&mut word, &mut pieces);
                pieces.push(Vec::new());
            }
        }
    }
    end_word(&mut word, &mut pieces);
    pieces.retain(|words| !words.is_empty());
    pieces.into_iter().map(one_spelling).collect()
}

/// The form under which a name is looked up: all its words, joined, so that spaces and hyphens do not matter.
pub(crate) fn key(name: &str) -> String {
    joined(&pieces(name).concat())
}

/// The key of some words; old and new spelling of the long ij are one.
pub(crate) fn joined(words: &[String]) -> String {
    one_spelling(words.to_vec()).concat().replace("ij", "y")
}

enum Sign {
    Letters,
    Silent,
    Space,
    Break,
}

fn sign(letter: char, before: Option<&char>, after: Option<&char>) -> Sign {
    let blank = |beside: Option<&char>| beside.is_none_or(|letter| letter.is_whitespace());
    match letter {
        '&' | '+' => Sign::Letters,
        // An apostrophe, typed or typographic, is left out: 's-Gravenhage is sgravenhage.
        '\''
        | '’'
        | '‘'
        | '‛'
        | '`'
        | '´'
        | 'ʼ'
        | 'ʹ'
        | '′'
        | '\u{ad}'
        | '\u{200b}'..='\u{200d}' => Sign::Silent,
        // An accent that was typed as a character of its own.
        '\u{300}'..='\u{36f}' => Sign::Silent,
        ',' | ';' | ':' | '(' | ')' | '[' | ']' | '/' | '|' | '\n' | '–' | '—' => Sign::Break,
        '-' if blank(before) || blank(after) => Sign::Break,
        _ if letter.is_alphanumeric() => Sign::Letters,
        _ => Sign::Space,
    }
}

/// Adds a letter in small type, without its accent.
fn fold(letter: char, word: &mut String) {
    for small in letter.to_lowercase() {
        match small {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => word.push('a'),
            'ç' => word.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' => word.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' => word.push('i'),
            'ñ' => word.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => word.push('o'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' => word.push('u'),
            'ý' | 'ÿ' => word.push('y'),
            'ĳ' => word.push_str("ij"),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            'ß' => word.push_str("ss"),
            '&' | '+' => word.push_str("en"),
            '\u{300}'..='\u{36f}' => {}
            other => word.push(other),
        }
    }
}

fn end_word(word: &mut String, pieces: &mut [Vec<String>]) {
    if let Some(piece) = pieces.last_mut()
        && !word.is_empty()
    {
        piece.push(std::mem::take(word));
    }
}

/// Gives words that are written in more ways one spelling: het, Sint, aan den, e.o., c.a.
fn one_spelling(words: Vec<String>) -> Vec<String> {
    let mut spelled: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let last = spelled.last_mut();
        match (last, word.as_str()) {
            (Some(last), "de" | "den" | "der" | "het" | "t") if last == "aan" => {
                "ad".clone_into(last);
            }
            (Some(last), "d") if last == "a" => "ad".clone_into(last),
            (Some(last), "o") if last == "e" => "eo".clone_into(last),
            (Some(last), "a") if last == "c" => "ca".clone_into(last),
            (_, "het") => spelled.push("t".to_owned()),
            (_, "sint") => spelled.push("st".to_owned()),
            _ => spelled.push(word),
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_key_however_it_is_written() {
        for (a, b) in [
            ("'s-Gravenhage", "s Gravenhage"),
            ("’s-Hertogenbosch", "'S HERTOGENBOSCH"),
            ("Súdwest-Fryslân", "sudwest  fryslan"),
            ("Su\u{301}dwest-Frysla\u{302}n", "Súdwest-Fryslân"),
            ("Den Haag", "DenHaag"),
            ("Het Harde", "'t Harde"),
            ("Sint-Oedenrode", "St. Oedenrode"),
            ("Krimpen aan den IJssel", "krimpen a/d ĳssel"),
            ("Alphen aan de Rijn", "Alphen a.d. Rijn"),
            ("IJsselstein", "Ysselstein"),
            ("Beek & Donk", "Beek en Donk"),
            ("Bergen (NH.)", "bergen n.h."),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
    }

    #[test]
    fn commas_brackets_and_loose_dashes_part_pieces_and_hyphens_do_not() {
        assert_eq!(
            pieces("De Wiken (Drachten)"),
            [vec!["de", "wiken"], vec!["drachten"]]
        );
        assert_eq!(pieces("Apeldoorn - De Heeze").len(), 2);
        assert_eq!(pieces("Assen-Oost"), [vec!["assen", "oost"]]);
        assert_eq!(pieces("gem. Alphen a/d Rijn, ZH").len(), 2);
    }

    #[test]
    fn nothing_and_far_too_much_are_fine() {
        assert!(pieces("").is_empty());
        assert!(pieces(" ,;-()\u{0}…").is_empty());
        assert!(key(&"é ".repeat(5_000)).len() <= MAX_READ);
    }
}
