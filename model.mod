!mod$ v1 sum:cce65441dc425280
!need$ fc1ab5ddb0e0d965 i iso_c_binding
module model
use,intrinsic::iso_c_binding,only:c_double
interface
subroutine autodiff(f,x,shadow) bind(c,name="__enzyme_autodiff")
interface
function f(x) bind(c) result(y)
real(8),intent(in)::x(1_8:*)
real(8)::y
end
end interface
real(8)::x(1_8:*)
real(8)::shadow(1_8:*)
end
end interface
contains
function several(x) bind(c) result(y)
real(8),intent(in)::x(1_8:*)
real(8)::y
end
end
