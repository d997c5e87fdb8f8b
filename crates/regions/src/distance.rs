//! How far apart municipalities are, and which border on each other.

use domain::region::Municipality;

use crate::tables::{Point, Regions};

/// The mean radius of the earth in kilometres (IUGG).
const EARTH_RADIUS_KM: f64 = 6_371.008_8;

impl Regions {
    /// Kilometres in a straight line between where the inhabitants live on average, 0 for the same municipality;
    /// `None` if either code is unknown.
    pub fn distance_km(&self, a: Municipality, b: Municipality) -> Option<f64> {
        let (from, to) = (self.municipality(a)?, self.municipality(b)?);
        Some(great_circle_km(from.center, to.center))
    }

    /// Whether two municipalities border on each other by land, fixed link or ferry; none borders on itself.
    pub fn borders(&self, a: Municipality, b: Municipality) -> bool {
        self.neighbours(a).binary_search(&b).is_ok()
    }
}

/// The haversine formula, which stays exact for short distances (Sinnott, "Virtues of the Haversine", 1984).
fn great_circle_km(from: Point, to: Point) -> f64 {
    let half_sine_squared = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let along = from.lat.to_radians().cos() * to.lat.to_radians().cos();
    let haversine =
        half_sine_squared(to.lat - from.lat) + along * half_sine_squared(to.lon - from.lon);
    2.0 * EARTH_RADIUS_KM * haversine.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Municipality {
        text.parse().unwrap()
    }

    #[test]
    fn apeldoorn_and_deventer_are_neighbours_some_fifteen_kilometres_apart() {
        let regions = Regions::shipped();
        let (apeldoorn, deventer) = (code("GM0200"), code("GM0150"));
        let distance = regions.distance_km(apeldoorn, deventer).unwrap();
        assert!((10.0..18.0).contains(&distance), "{distance}");
        assert!(!regions.borders(apeldoorn, code("GM0363")));
        assert!(regions.borders(deventer, code("GM0285")));
    }

    #[test]
    fn a_ferry_makes_neighbours() {
        assert!(Regions::shipped().borders(code("GM0448"), code("GM0400")));
    }

    #[test]
    fn distance_and_borders_are_the_same_both_ways() {
        let regions = Regions::shipped();
        for a in regions.municipalities() {
            assert_eq!(regions.distance_km(a.code, a.code), Some(0.0));
            assert!(!regions.borders(a.code, a.code), "{}", a.name);
            assert!(!regions.neighbours(a.code).is_empty(), "{}", a.name);
            for b in regions.municipalities() {
                let there = regions.distance_km(a.code, b.code).unwrap();
                let back = regions.distance_km(b.code, a.code).unwrap();
                assert!((there - back).abs() < 1e-9);
                assert_eq!(
                    regions.borders(a.code, b.code),
                    regions.borders(b.code, a.code)
                );
            }
        }
    }

    #[test]
    fn an_unknown_code_is_nowhere() {
        let regions = Regions::shipped();
        let nowhere = Municipality::from_number(9_999);
        assert_eq!(regions.distance_km(nowhere, code("GM0200")), None);
        assert!(!regions.borders(nowhere, code("GM0200")));
        assert!(regions.neighbours(nowhere).is_empty());
    }
}
