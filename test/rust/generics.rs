// A generic function, its derivative taken for two types; a trait method.
// RUN: %tern-rust %s
#![feature(autodiff)]
use std::autodiff::autodiff_reverse;
use std::ops::{Add, Mul};
include!("Inputs/close.rs");

trait Shape {
    fn area(&self) -> f64;
}

struct Disc(f64);
struct Rectangle(f64, f64);

impl Shape for Disc {
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.0 * self.0
    }
}

impl Shape for Rectangle {
    fn area(&self) -> f64 {
        self.0 * self.1
    }
}

#[autodiff_reverse(grad_area, Duplicated, Active)]
fn squared_area<S: Shape>(shape: &S) -> f64 {
    shape.area() * shape.area()
}

#[autodiff_reverse(grad_cubic, Duplicated, Active)]
fn cubic<T: Copy + Mul<Output = T> + Add<Output = T>>(x: &T) -> T {
    *x * *x * *x + *x
}

fn main() {
    let mut disc = Disc(0.0);
    grad_area::<Disc>(&Disc(2.0), &mut disc, 1.0);
    let area = Disc(2.0).area();
    close(disc.0, 2.0 * area * 4.0 * std::f64::consts::PI);

    let mut rectangle = Rectangle(0.0, 0.0);
    grad_area::<Rectangle>(&Rectangle(2.0, 3.0), &mut rectangle, 1.0);
    close(rectangle.0, 2.0 * 6.0 * 3.0);
    close(rectangle.1, 2.0 * 6.0 * 2.0);

    let mut wide = 0.0f64;
    grad_cubic::<f64>(&2.0, &mut wide, 1.0);
    close(wide, 13.0);
    let mut narrow = 0.0f32;
    grad_cubic::<f32>(&3.0, &mut narrow, 1.0);
    close(narrow as f64, 28.0);
}
