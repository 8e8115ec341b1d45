// Loops over indices, bounds and overflow checks on: in-place updates, a matrix
// in a slice, a table looked up.
// RUN: %tern-rust %s -Cdebug-assertions=on -Coverflow-checks=on
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

#[autodiff_reverse(grad_heat, Duplicated, Duplicated, Const, Active)]
#[autodiff_forward(jvp_heat, Dual, Dual, Const, DualOnly)]
fn heat(start: &[f64], work: &mut [f64], steps: usize) -> f64 {
    let n = start.len();
    for i in 0..n {
        work[i] = start[i];
    }
    for _ in 0..steps {
        for i in 1..n - 1 {
            work[i] = work[i] + 0.25 * (work[i - 1] - 2.0 * work[i] + work[i + 1]) * work[i];
        }
    }
    let mut sum = 0.0;
    for i in 0..n {
        sum += work[i] * work[i];
    }
    sum
}

#[autodiff_reverse(grad_lookup, Duplicated, Const, Active)]
fn lookup(table: &[f64], at: &[usize]) -> f64 {
    let mut product = 1.0;
    for i in 0..at.len() {
        product *= table[at[i]];
    }
    product
}

fn main() {
    let start = [0.1, 0.5, -0.3, 0.9, 0.2];
    let (mut work, mut dwork, mut dstart) = ([0.0; 5], [0.0; 5], [0.0; 5]);
    let value = grad_heat(&start, &mut dstart, &mut work, &mut dwork, 6, 1.0);
    let mut scratch = [0.0; 5];
    close(value, heat(&start, &mut scratch, 6));
    for i in 0..5 {
        let (mut up, mut down, h) = (start, start, 1e-5);
        up[i] += h;
        down[i] -= h;
        let difference =
            (heat(&up, &mut scratch, 6) - heat(&down, &mut scratch, 6)) / (2.0 * h);
        let error = (dstart[i] - difference).abs() / (1.0 + difference.abs());
        assert!(error < 1e-7, "{} {difference}", dstart[i]);
        let mut direction = [0.0; 5];
        direction[i] = 1.0;
        let mut tangents = [0.0; 5];
        close(jvp_heat(&start, &direction, &mut scratch, &mut tangents, 6), dstart[i]);
    }

    let table = [2.0, 3.0, 5.0];
    let mut dtable = [0.0; 3];
    close(grad_lookup(&table, &mut dtable, &[0, 2, 0], 1.0), 20.0);
    close(dtable[0], 20.0);
    close(dtable[1], 0.0);
    close(dtable[2], 4.0);
}
