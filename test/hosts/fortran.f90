! flang: arguments are references, so the derivative is added to a shadow.
! REQUIRES: flang
! RUN: %tern-flang -O0 %s -o %t && %t
! RUN: %tern-flang -O2 %s -o %t && %t
module model
  use, intrinsic :: iso_c_binding, only: c_double, c_int
  implicit none
  interface
    subroutine autodiff(f, x, shadow, n) bind(c, name="__enzyme_autodiff")
      import :: c_double, c_int
      interface
        function f(x, n) result(y) bind(c)
          import :: c_double, c_int
          real(c_double), intent(in) :: x(*)
          integer(c_int), value :: n
          real(c_double) :: y
        end function
      end interface
      real(c_double) :: x(*), shadow(*)
      integer(c_int), value :: n
    end subroutine
  end interface
contains
  function energy(x, n) result(y) bind(c)
    real(c_double), intent(in) :: x(*)
    integer(c_int), value :: n
    real(c_double) :: y
    integer :: i
    y = 0
    do i = 1, n
      y = y + exp(x(i)) * x(i)
    end do
  end function
end module

program gradient
  use model
  implicit none
  real(c_double) :: x(3) = [0.1d0, -0.4d0, 2.0d0], shadow(3) = 0, expected(3)
  call autodiff(energy, x, shadow, 3)
  expected = exp(x) * (1 + x)
  if (any(abs(shadow - expected) > 1d-13)) stop 1
end program
