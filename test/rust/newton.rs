// A loop whose number of iterations depends on the numbers, with early return.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_root, Active, Active)]
#[autodiff_forward(jvp_root, Dual, Dual)]
fn cube_root(a: f64) -> f64 {
    let mut x = a;
    for _ in 0..200 {
        let next = x - (x * x * x - a) / (3.0 * x * x);
        if (next - x).abs() < 1e-14 * x.abs() {
            return next;
        }
        x = next;
    }
    x
}

fn main() {
    for a in [0.3f64, 1.0, 27.0, 1e6] {
        let root = a.powf(1.0 / 3.0);
        let (value, slope) = grad_root(a, 1.0);
        close(value, root);
        close(slope, root / (3.0 * a));
        let (_, tangent) = jvp_root(a, 3.0);
        close(tangent, root / a);
    }
}
