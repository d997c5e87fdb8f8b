//! The return path of each delivery, there and back.

use chrono::DateTime;
use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;
use proptest::prelude::*;

use crate::{delivery_of, return_path};

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn delivery(number: u128) -> DeliveryId {
    format!("del_{number:032x}").parse().unwrap()
}

#[test]
fn the_return_path_says_which_delivery_it_is_of() {
    let id: DeliveryId = "del_019d8b4c5a7070008000000000000001".parse().unwrap();
    for (base, expected) in [
        (
            "bounce@samenspel.example",
            "bounce+019d8b4c5a7070008000000000000001@samenspel.example",
        ),
        (
            "post+terug@Samenspel.Example",
            "post+terug+019d8b4c5a7070008000000000000001@Samenspel.Example",
        ),
    ] {
        let path = return_path(&address(base), id).unwrap();
        assert_eq!(path.as_str(), expected);
        assert_eq!(delivery_of(&address(base), path.as_str()), Some(id));
    }
}

#[test]
fn a_name_that_leaves_no_room_for_the_token_is_refused() {
    let id = DeliveryId::new(DateTime::UNIX_EPOCH);
    let of_length = |length| address(&format!("{}@samenspel.example", "b".repeat(length)));
    assert!(return_path(&of_length(31), id).is_ok());
    assert!(return_path(&of_length(32), id).is_err());
}

#[test]
fn another_address_belongs_to_no_delivery() {
    let base = address("bounce@samenspel.example");
    let token = "019d8b4c5a7070008000000000000001";
    for other in [
        String::new(),
        "bounce@samenspel.example".to_owned(),
        "bounce+@samenspel.example".to_owned(),
        format!("bounce+{token}"),
        format!("+{token}@samenspel.example"),
        format!("post+{token}@samenspel.example"),
        format!("bounce+{token}@elders.example"),
        format!("bounce+{token}@samenspel.example.elders.example"),
        format!("bounce+{token}@samenspel.example>"),
        format!("<bounce+{token}@samenspel.example"),
        format!("bounce+del_{token}@samenspel.example"),
        format!("bounce+{token}0@samenspel.example"),
        format!("bounce+{}@samenspel.example", token.trim_start_matches('0')),
        format!(
            "bounce+{}g@samenspel.example",
            token.trim_start_matches('0')
        ),
        format!("bounce+x+{token}@samenspel.example"),
        "bounce+019d8b4c-5a70-7000-8000-000000000001@samenspel.example".to_owned(),
        "bounce+{019d8b4c5a70700080000000000000}@samenspel.example".to_owned(),
    ] {
        assert_eq!(delivery_of(&base, &other), None, "{other}");
    }
}

#[test]
fn a_site_in_unicode_comes_back_in_ascii() {
    let base = address("bounce@bücher.example");
    let id = delivery(7);
    let path = return_path(&base, id).unwrap();
    let wire = path.as_str().replace("bücher", "XN--bcher-kva");
    assert_eq!(delivery_of(&base, &wire), Some(id));
}

proptest! {
    #[test]
    fn every_delivery_comes_back_in_any_case(
        number: u128,
        name in "[a-zA-Z0-9=_-]{1,10}(\\+[a-z0-9]{1,8})?",
        upper: bool,
    ) {
        let base = address(&format!("{name}@terug.samenspel.example"));
        let path = return_path(&base, delivery(number)).unwrap();
        let seen = if upper { path.as_str().to_uppercase() } else { path.key() };
        prop_assert_eq!(delivery_of(&base, &seen), Some(delivery(number)));
        prop_assert_eq!(delivery_of(&base, path.as_str()), Some(delivery(number)));
    }

    #[test]
    fn one_changed_character_is_never_the_same_delivery(number: u128, place in 0_usize..50, new: char) {
        let base = address("bounce@samenspel.example");
        let path = return_path(&base, delivery(number)).unwrap();
        let mut changed: Vec<char> = path.as_str().chars().collect();
        let place = place % changed.len();
        prop_assume!(!changed[place].eq_ignore_ascii_case(&new));
        changed[place] = new;
        let changed: String = changed.into_iter().collect();
        prop_assert_ne!(delivery_of(&base, &changed), Some(delivery(number)), "{}", changed);
    }

    #[test]
    fn any_text_is_read_without_panic(text in ".{0,200}") {
        delivery_of(&address("bounce@samenspel.example"), &text);
    }
}
