// Structs with numbers and integers side by side, nested ones, methods.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[derive(Clone, Copy, Default)]
struct Point {
    x: f64,
    y: f64,
}

impl Point {
    fn distance(&self, to: &Point) -> f64 {
        (self.x - to.x).hypot(self.y - to.y)
    }
}

#[derive(Clone, Copy, Default)]
struct Spring {
    ends: [Point; 2],
    windings: u32,
    stiffness: f32,
}

#[autodiff_reverse(grad_energy, Duplicated, Active)]
#[autodiff_forward(jvp_energy, Dual, DualOnly)]
fn energy(s: &Spring) -> f64 {
    let stretch = s.ends[0].distance(&s.ends[1]) - 1.0;
    0.5 * s.stiffness as f64 * s.windings as f64 * stretch * stretch
}

fn main() {
    let spring = Spring {
        ends: [Point { x: 0.0, y: 1.0 }, Point { x: 3.0, y: 5.0 }],
        windings: 2,
        stiffness: 0.25,
    };
    let mut shadow = Spring::default();
    close(grad_energy(&spring, &mut shadow, 1.0), 4.0);
    close(shadow.stiffness as f64, 16.0);
    close(shadow.ends[0].x, -2.0 * 0.6);
    close(shadow.ends[0].y, -2.0 * 0.8);
    close(shadow.ends[1].x, 2.0 * 0.6);
    close(shadow.ends[1].y, 2.0 * 0.8);
    assert_eq!(shadow.windings, 0);

    let mut direction = Spring::default();
    direction.ends[1].y = 1.0;
    direction.stiffness = 1.0;
    close(jvp_energy(&spring, &direction), 1.6 + 16.0);
}
