// Several tangents at once.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::autodiff_forward;
include!("Inputs/close.rs");

#[autodiff_forward(jvp4, 4, Dual, Dual)]
#[autodiff_forward(jvp2_only, 2, Dual, DualOnly)]
fn wave(x: f64) -> f64 {
    x.sin() * x
}

#[autodiff_forward(jacobian, 3, Dual, DualOnly)]
fn product(x: &[f64; 3]) -> f64 {
    x[0] * x[1] * x[2] + x[0].exp()
}

fn main() {
    let x = 0.8f64;
    let slope = x.cos() * x + x.sin();
    let all = jvp4(x, 1.0, 2.0, -1.0, 0.0);
    close(all[0], wave(x));
    for (got, seed) in all[1..].iter().zip([1.0, 2.0, -1.0, 0.0]) {
        close(*got, seed * slope);
    }
    let both = jvp2_only(x, 3.0, 4.0);
    close(both[0], 3.0 * slope);
    close(both[1], 4.0 * slope);

    let x = [0.5, 2.0, 3.0];
    let row = jacobian(&x, &[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0], &[0.0, 0.0, 1.0]);
    close(row[0], 6.0 + 0.5f64.exp());
    close(row[1], 1.5);
    close(row[2], 1.0);
}
