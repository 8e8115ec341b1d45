// A function without a body is an error of rustc, not a zero.
// RUN: %not %tern-rust %s 2>&1 | FileCheck %s
// CHECK: error: {{.*}}no derivative for call to 'outside_of_rust' while differentiating '{{.*}}energy': {{.*}}[tern-D01]
#![feature(autodiff)]
use std::autodiff::autodiff_reverse;

unsafe extern "C" {
    fn outside_of_rust(x: f64) -> f64;
}

#[autodiff_reverse(grad, Active, Active)]
fn energy(x: f64) -> f64 {
    unsafe { outside_of_rust(x) * x }
}

fn main() {
    println!("{:?}", grad(1.0, 1.0));
}
