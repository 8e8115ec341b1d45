/// Stops the program unless `got` agrees with `expected` (relative 1e-6, so that
/// single precision passes as well).
#[track_caller]
#[allow(dead_code)]
fn close(got: f64, expected: f64) {
    let scale = 1.0f64.max(expected.abs());
    assert!((got - expected).abs() <= 1e-6 * scale, "got {got}, expected {expected}");
}
