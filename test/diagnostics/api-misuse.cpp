// What the header can tell without the plugin, it says in its own words.
// RUN: %python %S/Inputs/each-case.py %s %clang++ -std=c++20 -I %include \
// RUN:   -fsyntax-only | FileCheck %s
#include <array>
#include <deque>
#include <memory>
#include <span>
#include <tern/tern.hpp>
#include <vector>
double square(double x) { return x * x; }
double sum(const double *p, int n) { return n ? p[0] : 0; }
double span_sum(std::span<const double> p) { return p[0]; }
int whole(double x) { return int(x); }
std::array<double, 2> pair(double x) { return {x, x}; }
class closed {
public:
  explicit closed(double x) : value(x) {}
  double get() const { return value; }

private:
  double value;
};
double get(const closed &c) { return c.get(); }

class tracked : public closed {
public:
  using closed::closed;
  tracked(const tracked &other) : closed(other) {}
};
tracked enclose(double x) { return tracked(x); }

void write_square(double x, double &y) { y = x * x; }

struct view {
  const double *p;
  int n;
};
double of_view(const view &v) { return v.p[0]; }

struct holds_reference {
  double &r;
  double x;
};
struct base {
  double x;
};
struct derived : base {
  double y;
};
struct with_bits {
  double x;
  int few : 3;
};
struct with_constant {
  const double k;
  double x;
};
struct field : std::vector<double> {
  double dx;
};
class unsaid_view {
public:
  unsaid_view(double *p, int n) : p(p), n(n) {}
  double *begin() const { return p; }
  double *end() const { return p + n; }

private:
  double *p;
  int n;
};
struct releasing {
  double *p;
  double scale;
  ~releasing() { delete[] p; }
};
struct queue {
  std::deque<double> waiting;
  double x;
};
template <class T> double first_of(const T &) { return 1; }

void call(double x, double *p) {
#if CASE == 1
  // CHECK-LABEL: case 1:
  // CHECK: pass a pointer, array or view as
  // CHECK-SAME: tern::Duplicated{p, shadow} or tern::Const{p}
  tern::grad<sum>(p, 1);
#elif CASE == 2
  // CHECK-LABEL: case 2:
  // CHECK: pass a pointer, array or view as
  // CHECK-SAME: tern::Duplicated{p, shadow} or tern::Const{p}
  tern::grad<span_sum>(std::span<const double>(p, 1));
#elif CASE == 3
  // CHECK-LABEL: case 3:
  // CHECK: in forward mode pass tern::Dual{x, tangent} or tern::Const{x}
  tern::jvp<square>(x);
#elif CASE == 4
  // CHECK-LABEL: case 4:
  // CHECK: tern::Dual is for forward mode (jvp); use tern::Duplicated
  tern::grad<square>(tern::Dual{x, 1.0});
#elif CASE == 5
  // CHECK-LABEL: case 5:
  // CHECK: pass a number itself: its gradient is returned
  double shadow = 0;
  tern::grad<square>(tern::Duplicated{x, shadow});
#elif CASE == 6
  // CHECK-LABEL: case 6:
  // CHECK: grad differentiates functions that return one floating-point number
  tern::grad<pair>(x);
#elif CASE == 7
  // CHECK-LABEL: case 7:
  // CHECK: grad differentiates functions that return one floating-point number
  tern::grad<whole>(x);
#elif CASE == 8
  // CHECK-LABEL: case 8:
  // CHECK: tern can't see into this class: pass
  // CHECK-SAME: tern::Duplicated{object, shadow} or tern::Const{object}
  tern::grad<get>(closed(x));
#elif CASE == 9
  // CHECK-LABEL: case 9:
  // CHECK: a shadow has the type of what it shadows
  float shadow[1];
  tern::grad<sum>(tern::Duplicated{p, shadow}, 1);
#elif CASE == 10
  // CHECK-LABEL: case 10:
  // CHECK: a Hessian is that of a function that returns one number
  tern::hessian<pair>(x);
#elif CASE == 11
  // CHECK-LABEL: case 11:
  // CHECK: tern differentiates functions that return numbers, arrays, vectors,
  // CHECK-SAME: tuples or plain structs of these
  // CHECK-NOT: error:
  tern::jvp<enclose>(tern::Dual{x, 1.0});
#elif CASE == 12
  // CHECK-LABEL: case 12:
  // CHECK: pass a pointer, array or view as
  // CHECK-SAME: tern::Duplicated{p, shadow} or tern::Const{p}
  tern::grad<of_view>(view{p, 1});
#elif CASE == 13
  // CHECK-LABEL: case 13:
  // CHECK: in forward mode pass tern::Dual{x, tangent} or tern::Const{x}
  tern::jvp<of_view>(view{p, 1});
#elif CASE == 14
  // CHECK-LABEL: case 14:
  // CHECK: tern can't see into this class: pass
  // CHECK-SAME: tern::Duplicated{object, shadow} or tern::Const{object}
  // CHECK-NOT: members.hpp{{.*}}error:
  tern::grad<first_of<holds_reference>>(holds_reference{x, x});
#elif CASE == 15
  // CHECK-LABEL: case 15:
  // CHECK: tern can't see into this class: pass
  // CHECK-NOT: error: no match
  (void)tern::zeros_like(holds_reference{x, x});
#elif CASE == 16
  // CHECK-LABEL: case 16:
  // CHECK: tern can't see into this class: pass
  // CHECK-NOT: members.hpp{{.*}}error:
  tern::grad<first_of<derived>>(derived{{x}, x});
#elif CASE == 17
  // CHECK-LABEL: case 17:
  // CHECK: tern can't see into this class: pass
  // CHECK-NOT: members.hpp{{.*}}error:
  tern::grad<first_of<with_bits>>(with_bits{x, 1});
#elif CASE == 18
  // CHECK-LABEL: case 18:
  // CHECK: tern can't see into this class: pass
  // CHECK-NOT: error: cannot assign
  tern::grad<first_of<with_constant>>(with_constant{x, x});
#elif CASE == 19
  // CHECK-LABEL: case 19:
  // CHECK: tern can't see into this class: pass
  tern::grad<first_of<std::tuple<double &>>>(std::tuple<double &>(x));
#elif CASE == 20
  // CHECK-LABEL: case 20:
  // CHECK: tern can't see into this class: pass
  (void)tern::zeros_like(std::tuple<double &, double>(x, x));
#elif CASE == 21
  // CHECK-LABEL: case 21:
  // CHECK-NOT: error: no
  // CHECK: error: {{.*}}the function cannot be called with these arguments: number and types
  // CHECK-SAME: have to fit
  // CHECK-NOT: error:
  tern::grad<sum>(1.0);
#elif CASE == 22
  // CHECK-LABEL: case 22:
  // CHECK-NOT: error: no
  // CHECK: error: {{.*}}the call operator of a function object has to be const
  // CHECK-NOT: error:
  tern::grad([p](double y) mutable { return y * *p++; })(x);
#elif CASE == 23
  // CHECK-LABEL: case 23:
  // CHECK-NOT: error: {{no|too|call}}
  // CHECK: error: {{.*}}the function cannot be called with these arguments
  // CHECK-NOT: error: {{no|too|call}}
  tern::jvp<square>(tern::Dual{x, 1.0}, tern::Const{x});
  tern::vjp<square>(std::array<double, 1>{x});
  tern::hessian<square>(std::array<double, 1>{x});
  tern::check_grads<square>(x, x);
#elif CASE == 24
  // CHECK-LABEL: case 24:
  // CHECK: a number is passed by value, and what the function writes to its
  // CHECK-SAME: reference is lost
  double y = 0, dy = 0;
  tern::jvp<write_square>(tern::Dual{x, 1.0}, tern::Dual{y, dy});
#elif CASE == 25
  // CHECK-LABEL: case 25:
  // CHECK: an integer has no tangent: write tern::Dual{3.0, 1.0}
  tern::jvp<square>(tern::Dual{3, 1.0});
#elif CASE == 26
  // CHECK-LABEL: case 26:
  // CHECK: no argument carries a derivative: write 3.0 for 3
  tern::check_grads<square>(3);
#elif CASE == 27
  // CHECK-LABEL: case 27:
  // CHECK: tern can't tell whether this class owns what begin() and end() show
  // CHECK-SAME: specialize tern::is_owner
  tern::grad<first_of<field>>(field{});
#elif CASE == 28
  // CHECK-LABEL: case 28:
  // CHECK: tern can't tell whether this class owns what begin() and end() show
  tern::grad<first_of<unsaid_view>>(unsaid_view(p, 1));
#elif CASE == 29
  // CHECK-LABEL: case 29:
  // CHECK: tern can't tell whether this class owns what begin() and end() show
  (void)tern::zeros_like(std::vector<field>());
#elif CASE == 30
  // CHECK-LABEL: case 30:
  // CHECK: tern can't see into this class: pass
  tern::grad<first_of<releasing>>(releasing{});
#elif CASE == 31
  // CHECK-LABEL: case 31:
  // CHECK: a copy of a std::deque is laid out otherwise than the original
  tern::grad<first_of<std::deque<double>>>(std::deque<double>{x});
#elif CASE == 32
  // CHECK-LABEL: case 32:
  // CHECK: a copy of a std::deque is laid out otherwise than the original
  tern::grad<first_of<queue>>(queue{});
#elif CASE == 33
  // CHECK-LABEL: case 33:
  // CHECK: a copy of a std::deque is laid out otherwise than the original
  queue tangent;
  tern::jvp<first_of<queue>>(tern::Dual{queue{}, tangent});
#endif
}
// LAST-CASE: 33
