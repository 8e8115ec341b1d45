// Vec as an argument and as memory allocated and freed inside.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_mean, Duplicated, Active)]
#[autodiff_forward(jvp_mean, Dual, DualOnly)]
fn geometric_mean(x: &Vec<f64>) -> f64 {
    let logs: Vec<f64> = x.iter().map(|v| v.ln()).collect();
    let mut sum = 0.0;
    for l in &logs {
        sum += l;
    }
    (sum / x.len() as f64).exp()
}

#[autodiff_reverse(grad_path, Duplicated, Const, Active)]
#[autodiff_forward(jvp_path, Dual, Const, DualOnly)]
fn walk(x: &[f64], steps: usize) -> f64 {
    let mut path = vec![0.0; steps];
    let mut at = x[0];
    for i in 0..steps {
        path[i] = at;
        at = at * x[1] + path[i / 2];
    }
    path.iter().sum::<f64>() + at
}

fn main() {
    let x = vec![1.0, 2.0, 4.0];
    let mut dx = vec![0.0; 3];
    close(grad_mean(&x, &mut dx, 1.0), 2.0);
    for i in 0..3 {
        close(dx[i], 2.0 / (3.0 * x[i]));
        let mut direction = vec![0.0; 3];
        direction[i] = 1.0;
        close(jvp_mean(&x, &direction), dx[i]);
    }

    let x = [0.5, 0.9];
    let mut dx = [0.0; 2];
    close(grad_path(&x, &mut dx, 40, 1.0), walk(&x, 40));
    for i in 0..2 {
        let (mut up, mut down, h) = (x, x, 1e-5);
        up[i] += h;
        down[i] -= h;
        let difference = (walk(&up, 40) - walk(&down, 40)) / (2.0 * h);
        assert!((dx[i] - difference).abs() < 1e-5 * difference.abs());
        let mut direction = [0.0; 2];
        direction[i] = 1.0;
        close(jvp_path(&x, &direction, 40), dx[i]);
    }
}
