// Chains of iterators: zip, map, sum, fold, windows, chunks, enumerate, rev.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_dot, Duplicated, Duplicated, Active)]
#[autodiff_forward(jvp_dot, Dual, Dual, DualOnly)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[autodiff_reverse(grad_rough, Duplicated, Active)]
#[autodiff_forward(jvp_rough, Dual, DualOnly)]
fn roughness(x: &[f64]) -> f64 {
    x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
}

#[autodiff_reverse(grad_horner, Duplicated, Active, Active)]
fn horner(c: &[f64], x: f64) -> f64 {
    c.iter().rev().fold(0.0, |sum, a| sum * x + a)
}

#[autodiff_reverse(grad_log, Duplicated, Active)]
fn log_sum_exp(x: &[f64]) -> f64 {
    let max = x.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
    x.iter().map(|v| (v - max).exp()).sum::<f64>().ln() + max
}

fn main() {
    let (a, b) = ([1.0, 2.0, 3.0, 4.0], [0.5, -1.0, 2.0, 0.25]);
    let (mut da, mut db) = ([0.0; 4], [0.0; 4]);
    close(grad_dot(&a, &mut da, &b, &mut db, 1.0), dot(&a, &b));
    close(jvp_dot(&a, &[1.0; 4], &b, &[0.0; 4]), b.iter().sum());
    for i in 0..4 {
        close(da[i], b[i]);
        close(db[i], a[i]);
    }

    let mut db = [0.0; 4];
    grad_rough(&b, &mut db, 1.0);
    close(db[0], -2.0 * (b[1] - b[0]));
    close(db[1], 2.0 * (b[1] - b[0]) - 2.0 * (b[2] - b[1]));
    close(db[3], 2.0 * (b[3] - b[2]));
    close(jvp_rough(&b, &[0.0, 0.0, 0.0, 1.0]), db[3]);

    let mut dc = [0.0; 4];
    let (value, dx) = grad_horner(&a, &mut dc, 2.0, 1.0);
    close(value, 1.0 + 4.0 + 12.0 + 32.0);
    close(dx, 2.0 + 12.0 + 48.0);
    for i in 0..4 {
        close(dc[i], 2.0f64.powi(i as i32));
    }

    let mut db = [0.0; 4];
    let value = grad_log(&b, &mut db, 1.0);
    for i in 0..4 {
        close(db[i], (b[i] - value).exp());
    }
}
