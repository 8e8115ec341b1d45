// The differentiated function, in a file of its own.
double power(double x, int n) { return n == 0 ? 1.0 : x * power(x, n - 1); }
double polynomial(double x, int degree) {
  double sum = 0;
  for (int i = 0; i <= degree; ++i)
    sum += power(x, i) / (i + 1);
  return sum;
}
