// Stock rustc with -Zllvm-plugins; the request is written by hand.
extern "C" {
    fn __enzyme_autodiff_bump(f: extern "C" fn(f64) -> f64, x: f64) -> f64;
}

extern "C" fn bump(x: f64) -> f64 {
    (-x * x).exp() * x.sqrt()
}

fn main() {
    let x = 0.8_f64;
    let expected = (-x * x).exp() * (0.5 / x.sqrt() - 2.0 * x * x.sqrt());
    let slope = unsafe { __enzyme_autodiff_bump(bump, x) };
    assert!((slope - expected).abs() < 1e-14, "{slope} is not {expected}");
}
