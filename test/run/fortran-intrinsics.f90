! Intrinsic functions of Fortran, through flang's run-time library and libm.
! REQUIRES: flang
! RUN: %tern-flang -O0 %s -o %t && %t
! RUN: %tern-flang -O2 %s -o %t && %t
module model
  use, intrinsic :: iso_c_binding, only: c_double
  implicit none
  interface
    subroutine autodiff(f, x, shadow) bind(c, name="__enzyme_autodiff")
      import :: c_double
      interface
        function f(x) result(y) bind(c)
          import :: c_double
          real(c_double), intent(in) :: x(*)
          real(c_double) :: y
        end function
      end interface
      real(c_double) :: x(*), shadow(*)
    end subroutine
  end interface
contains
  function several(x) result(y) bind(c)
    real(c_double), intent(in) :: x(*)
    real(c_double) :: y
    y = mod(x(1), 0.7d0) * x(1) + modulo(-x(1), x(2)) + sign(x(1), -1d0) &
      + scale(x(1), 2) + exponent(x(1)) * x(2) + x(2)**3 + hypot(x(1), x(2)) &
      + gamma(x(2)) + abs(x(1)) + nint(x(1)) * x(2)
  end function
end module

program gradient
  use model
  implicit none
  real(c_double) :: x(2) = [1.6d0, 2.3d0], shadow(2) = 0, near(2), step
  integer :: i
  call autodiff(several, x, shadow)
  do i = 1, 2
    step = 1d-6
    x(i) = x(i) + step
    near(i) = several(x)
    x(i) = x(i) - 2 * step
    near(i) = (near(i) - several(x)) / (2 * step)
    x(i) = x(i) + step
    if (abs(shadow(i) - near(i)) > 1d-6) then
      print *, "component", i, "is", shadow(i), "instead of", near(i)
      stop 1
    end if
  end do
end program
