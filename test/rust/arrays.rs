// Arrays of known length, one- and two-dimensional, behind references.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_rosenbrock, Duplicated, Active)]
#[autodiff_forward(jvp_rosenbrock, Dual, DualOnly)]
fn rosenbrock(x: &[f64; 5]) -> f64 {
    let mut sum = 0.0;
    for i in 0..4 {
        sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
    }
    sum
}

#[autodiff_reverse(grad_form, Duplicated, Duplicated, Active)]
fn form(m: &[[f64; 3]; 3], v: &[f64; 3]) -> f64 {
    let mut sum = 0.0;
    for i in 0..3 {
        for j in 0..3 {
            sum += v[i] * m[i][j] * v[j];
        }
    }
    sum
}

fn main() {
    let x = [-1.2, 1.0, 0.3, 0.8, 1.1];
    let mut dx = [0.0; 5];
    close(grad_rosenbrock(&x, &mut dx, 1.0), rosenbrock(&x));
    for i in 0..5 {
        let mut expected = 0.0;
        if i < 4 {
            expected += -400.0 * x[i] * (x[i + 1] - x[i] * x[i]) - 2.0 * (1.0 - x[i]);
        }
        if i > 0 {
            expected += 200.0 * (x[i] - x[i - 1] * x[i - 1]);
        }
        close(dx[i], expected);
        let mut direction = [0.0; 5];
        direction[i] = 1.0;
        close(jvp_rosenbrock(&x, &direction), expected);
    }

    let m = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]];
    let v = [0.5, -1.0, 2.0];
    let (mut dm, mut dv) = ([[0.0; 3]; 3], [0.0; 3]);
    close(grad_form(&m, &mut dm, &v, &mut dv, 1.0), form(&m, &v));
    for i in 0..3 {
        let mut expected = 0.0;
        for j in 0..3 {
            close(dm[i][j], v[i] * v[j]);
            expected += (m[i][j] + m[j][i]) * v[j];
        }
        close(dv[i], expected);
    }
}
