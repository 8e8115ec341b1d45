// A Vec that grows while the function runs.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_grown, Duplicated, Active)]
#[autodiff_forward(jvp_grown, Dual, DualOnly)]
fn grown(x: &[f64]) -> f64 {
    let mut v: Vec<f64> = Vec::new();
    for a in x {
        if *a > 0.0 {
            v.push(a * a);
        }
    }
    let mut sum = 0.0;
    for (i, a) in v.iter().enumerate() {
        sum += a * (i as f64 + 1.0);
    }
    sum
}

struct Hit {
    weight: f64,
    at: usize,
}

#[autodiff_reverse(grad_hits, Duplicated, Active)]
#[autodiff_forward(jvp_hits, Dual, DualOnly)]
fn hits(x: &[f64]) -> f64 {
    let mut found: Vec<Hit> = Vec::with_capacity(2);
    for (at, a) in x.iter().enumerate() {
        if *a > 0.0 {
            found.push(Hit { weight: a * a, at });
        }
    }
    while found.len() > 4 {
        found.pop();
    }
    found.iter().map(|h| h.weight * x[h.at]).sum()
}

#[autodiff_reverse(grad_rows, Duplicated, Active)]
#[autodiff_forward(jvp_rows, Dual, DualOnly)]
fn rows(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for n in 1..x.len() {
        let mut row = Vec::new();
        for a in &x[..n] {
            row.push(a * x[n]);
        }
        rows.push(row);
    }
    rows.iter().map(|r| r.iter().sum::<f64>()).product()
}

fn compare(
    f: fn(&[f64]) -> f64,
    gradient: &[f64],
    jvp: impl Fn(&[f64], &[f64]) -> f64,
    x: &[f64],
) {
    for i in 0..x.len() {
        let (mut up, mut down, h) = (x.to_vec(), x.to_vec(), 1e-6);
        up[i] += h;
        down[i] -= h;
        let slope = (f(&up) - f(&down)) / (2.0 * h);
        assert!((gradient[i] - slope).abs() < 1e-6 * (1.0 + slope.abs()));
        let mut direction = vec![0.0; x.len()];
        direction[i] = 1.0;
        close(jvp(x, &direction), gradient[i]);
    }
}

fn main() {
    let x = [1.0, -2.0, 3.0, 4.0, 5.0, -1.0, 6.0, 0.5];
    let mut dx = [0.0; 8];
    close(grad_grown(&x, &mut dx, 1.0), grown(&x));
    compare(grown, &dx, |x, d| jvp_grown(x, d), &x);
    let mut dx = [0.0; 8];
    close(grad_hits(&x, &mut dx, 1.0), hits(&x));
    compare(hits, &dx, |x, d| jvp_hits(x, d), &x);
    let x = [1.0, -0.2, 0.3, 0.4, 0.5];
    let mut dx = [0.0; 5];
    close(grad_rows(&x, &mut dx, 1.0), rows(&x));
    compare(rows, &dx, |x, d| jvp_rows(x, d), &x);
}
