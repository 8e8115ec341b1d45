// Trait objects: the callee is known at run time only.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::{autodiff_forward, autodiff_reverse};
include!("Inputs/close.rs");

trait Layer {
    fn apply(&self, x: f64) -> f64;
}

struct Scale(f64);
struct Squash;

impl Layer for Scale {
    #[inline(never)]
    fn apply(&self, x: f64) -> f64 {
        self.0 * x
    }
}

impl Layer for Squash {
    #[inline(never)]
    fn apply(&self, x: f64) -> f64 {
        x.tanh()
    }
}

#[autodiff_reverse(grad_net, Const, Active, Active)]
#[autodiff_forward(jvp_net, Const, Dual, DualOnly)]
fn net(layers: &[Box<dyn Layer>], x: f64) -> f64 {
    let mut x = x;
    for layer in layers {
        x = layer.apply(x);
    }
    x
}

fn main() {
    let layers: Vec<Box<dyn Layer>> =
        std::hint::black_box(vec![Box::new(Scale(2.0)), Box::new(Squash), Box::new(Scale(3.0))]);
    let x = 0.4f64;
    let slope = 6.0 * (1.0 - (2.0 * x).tanh().powi(2));
    close(jvp_net(&layers, x, 1.0), slope);
    close(grad_net(&layers, x, 1.0).1, slope);
}
