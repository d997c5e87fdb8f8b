//! Whether a body has the shape that the contract gives it: every field that is unknown, missing or of another type at
//! once, where reading it stops at the first. What a value means is checked in `domain`. Used by `extract`.

use std::collections::BTreeMap;

use domain::dutch::shapes;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaType, Type};
use utoipa::openapi::{Object, RefOr, Schema};

use crate::error::FieldProblem;

/// Every place where `value` has another shape than a `T`.
pub(crate) fn problems<T: ToSchema>(value: &Value) -> Vec<FieldProblem> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let mut check = Check {
        named: named.into_iter().collect(),
        found: Vec::new(),
    };
    check.look("", &T::schema(), value);
    check.found
}

struct Check {
    named: BTreeMap<String, RefOr<Schema>>,
    found: Vec<FieldProblem>,
}

impl Check {
    fn look(&mut self, at: &str, expected: &RefOr<Schema>, value: &Value) {
        match expected {
            RefOr::Ref(to) => {
                let name = to.ref_location.rsplit('/').next().unwrap_or_default();
                if let Some(named) = self.named.get(name).cloned() {
                    self.look(at, &named, value);
                }
            }
            RefOr::T(Schema::Object(object)) => self.object(at, object, value),
            RefOr::T(Schema::Array(array)) => {
                if let (ArrayItems::RefOrSchema(items), Value::Array(values)) =
                    (&array.items, value)
                {
                    for (place, each) in values.iter().enumerate() {
                        self.look(&format!("{at}/{place}"), items, each);
                    }
                } else {
                    self.expect(at, &array.schema_type, value);
                }
            }
            // `null`, or what stands beside it.
            RefOr::T(Schema::OneOf(choice)) if !value.is_null() => {
                if let Some(only) = choice.items.last() {
                    self.look(at, only, value);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, at: &str, object: &Object, value: &Value) {
        if !self.expect(at, &object.schema_type, value) {
            return;
        }
        let Value::Object(fields) = value else {
            return;
        };
        let closed = matches!(
            object.additional_properties.as_deref(),
            Some(AdditionalProperties::FreeForm(false))
        );
        for (name, field) in fields {
            let at = format!("{at}/{}", escaped(name));
            match object.properties.get(name) {
                Some(expected) => self.look(&at, expected, field),
                None if closed => self.report(at, shapes::unknown(name, object.properties.keys())),
                None => {}
            }
        }
        for name in &object.required {
            if !fields.contains_key(name) {
                self.report(format!("{at}/{}", escaped(name)), shapes::missing());
            }
        }
    }

    /// Whether a value is of the type; reports it when not.
    fn expect(&mut self, at: &str, expected: &SchemaType, value: &Value) -> bool {
        let types = match expected {
            SchemaType::Type(only) => std::slice::from_ref(only),
            SchemaType::Array(several) => several.as_slice(),
            SchemaType::AnyValue => return true,
        };
        let fits = types.iter().any(|each| is_of(each, value));
        if let (false, Some(first)) = (fits, types.first()) {
            self.report(at.to_owned(), shapes::wrong_type(&word(first)));
        }
        fits
    }

    fn report(&mut self, pointer: String, (detail, remedy): (String, String)) {
        self.found.push(FieldProblem {
            pointer,
            detail,
            remedy,
            choices: Vec::new(),
        });
    }
}

fn is_of(expected: &Type, value: &Value) -> bool {
    match expected {
        Type::Object => value.is_object(),
        Type::String => value.is_string(),
        Type::Integer => value.is_i64() || value.is_u64(),
        Type::Number => value.is_number(),
        Type::Boolean => value.is_boolean(),
        Type::Array => value.is_array(),
        Type::Null => value.is_null(),
    }
}

/// The name of a type, as JSON Schema has it.
fn word(of: &Type) -> String {
    serde_json::to_value(of)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// A name as a part of a JSON pointer (RFC 6901 §3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
