// Scalars by value: one and several active ones, one held constant, f32.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad, Active, Active, Active)]
#[autodiff_forward(jvp, Dual, Dual, Dual)]
fn f(x: f64, y: f64) -> f64 {
    x * y + x.sin() * y.exp()
}

#[autodiff_reverse(grad_x, Active, Const, Active)]
#[autodiff_forward(jvp_x, Dual, Const, DualOnly)]
fn power(x: f64, n: i32) -> f64 {
    x.powi(n) / (1.0 + x * x).sqrt()
}

#[autodiff_reverse(grad_single, Active, Active)]
#[autodiff_forward(jvp_single, Dual, DualOnly)]
fn single(x: f32) -> f32 {
    if x > 1.0 { x.ln() * x } else { x * x }
}

fn main() {
    let (x, y) = (0.7f64, 1.3f64);
    let (dx, dy) = (y + x.cos() * y.exp(), x + x.sin() * y.exp());
    let (value, gx, gy) = grad(x, y, 1.0);
    close(value, f(x, y));
    close(gx, dx);
    close(gy, dy);
    let (value, tangent) = jvp(x, 2.0, y, -3.0);
    close(value, f(x, y));
    close(tangent, 2.0 * dx - 3.0 * dy);

    let root = (1.0 + x * x).sqrt();
    let expected = 3.0 * x * x / root - x.powi(4) / (root * root * root);
    close(grad_x(x, 3, 1.0).1, expected);
    close(jvp_x(x, 1.0, 3), expected);

    close(grad_single(2.0, 1.0).1 as f64, (2.0f32.ln() + 1.0) as f64);
    close(grad_single(0.5, 1.0).1 as f64, 1.0);
    close(jvp_single(2.0, 1.0) as f64, (2.0f32.ln() + 1.0) as f64);
}
