// Slices read and written; the length travels beside the pointer.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_norm, Duplicated, Active)]
#[autodiff_forward(jvp_norm, Dual, Dual)]
fn norm(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
    }
    sum.sqrt()
}

#[autodiff_reverse(pull_scale, Duplicated, Duplicated, Active)]
#[autodiff_forward(push_scale, Dual, Dual, Dual)]
fn scale(x: &[f64], y: &mut [f64], by: f64) {
    for (out, v) in y.iter_mut().zip(x) {
        *out = by * v * v;
    }
}

fn main() {
    let x = [1.0, -2.0, 3.0, 0.5];
    let mut dx = [0.0; 4];
    let value = grad_norm(&x, &mut dx, 1.0);
    close(value, norm(&x));
    for i in 0..4 {
        close(dx[i], x[i] / value);
    }
    let (again, tangent) = jvp_norm(&x, &[1.0, 1.0, 0.0, 0.0]);
    close(again, value);
    close(tangent, (x[0] + x[1]) / value);

    let mut y = [0.0; 4];
    let mut dy = [1.0, 2.0, 3.0, 4.0];
    let mut dx = [0.0; 4];
    let by = 1.5;
    let dby = pull_scale(&x, &mut dx, &mut y, &mut dy, by);
    let mut expected = 0.0;
    for i in 0..4 {
        close(y[i], by * x[i] * x[i]);
        close(dx[i], (i + 1) as f64 * 2.0 * by * x[i]);
        close(dy[i], 0.0);
        expected += (i + 1) as f64 * x[i] * x[i];
    }
    close(dby, expected);

    let mut dy = [0.0; 4];
    push_scale(&x, &[0.0, 1.0, 0.0, 0.0], &mut y, &mut dy, by, 2.0);
    for i in 0..4 {
        let own = if i == 1 { 2.0 * by * x[1] } else { 0.0 };
        close(dy[i], own + 2.0 * x[i] * x[i]);
    }
}
