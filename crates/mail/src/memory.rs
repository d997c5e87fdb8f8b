//! Keeps letters in memory; for tests.

use std::sync::{Arc, Mutex, PoisonError};

use crate::transport::{Parcel, Receipt};

/// A mailbox that keeps every parcel; clones share it.
#[derive(Debug, Clone, Default)]
pub struct MailBox(Arc<Mutex<Vec<Parcel>>>);

impl MailBox {
    /// Everything handed over so far, in order.
    pub fn parcels(&self) -> Vec<Parcel> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn keep(&self, parcel: &Parcel) -> Receipt {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(parcel.clone());
        Receipt {
            text: format!("kept as number {}", kept.len()),
        }
    }
}
