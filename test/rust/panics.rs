// A panic inside a derivative is the primal's panic: it can be caught, and the
// next call works. One path divides, the other never returns.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
use std::panic;
include!("Inputs/close.rs");

#[autodiff_reverse(grad_mean, Duplicated, Const, Active)]
#[autodiff_forward(jvp_mean, Dual, Const, DualOnly)]
fn harmonic_mean(x: &[f64], count: usize) -> f64 {
    assert!(count > 0, "a mean of nothing");
    let mut sum = 0.0;
    for i in 0..count {
        sum += 1.0 / x[i];
    }
    count as f64 / sum
}

fn main() {
    panic::set_hook(Box::new(|_| {}));
    let x = vec![1.0, 2.0, 4.0];
    for _ in 0..2 {
        for count in [0, 4] {
            let gradient = panic::catch_unwind(|| {
                let mut dx = vec![0.0; 3];
                grad_mean(&x, &mut dx, count, 1.0)
            });
            assert!(gradient.is_err());
            let tangent = panic::catch_unwind(|| jvp_mean(&x, &[1.0; 3], count));
            assert!(tangent.is_err());
        }
        let mut dx = vec![0.0; 3];
        let value = grad_mean(&x, &mut dx, 3, 1.0);
        close(value, harmonic_mean(&x, 3));
        for i in 0..3 {
            close(dx[i], value * value / (3.0 * x[i] * x[i]));
        }
        close(jvp_mean(&x, &[0.0, 1.0, 0.0], 3), dx[1]);
    }
}
