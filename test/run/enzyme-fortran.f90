! RUN: %run-all-levels %s
! REQUIRES: flang
! Enzyme's convention from Fortran: every argument is an address, and so has a
! shadow unless marked.
module problem
  use, intrinsic :: iso_c_binding
  implicit none
  integer(c_int), bind(c, name='enzyme_const') :: enzyme_const
  interface
    subroutine autodiff(f, x, dx, word, n, y, dy) &
        bind(c, name='__enzyme_autodiff_squares')
      import
      external :: f
      real(c_double) :: x(*), dx(*), y, dy
      integer(c_int) :: word, n
    end subroutine
    subroutine fwddiff(f, x, dx, word, n, y, dy) &
        bind(c, name='__enzyme_fwddiff_squares')
      import
      external :: f
      real(c_double) :: x(*), dx(*), y, dy
      integer(c_int) :: word, n
    end subroutine
  end interface
contains
  subroutine squares(x, n, y) bind(c)
    integer(c_int) :: n
    real(c_double) :: x(n), y
    integer :: i
    y = 0
    do i = 1, n
      y = y + i * x(i)**2 + sin(x(i))
    end do
  end subroutine

  subroutine near(found, wanted)
    real(c_double), intent(in) :: found, wanted
    if (abs(found - wanted) > 1d-9) then
      print *, found, ' instead of ', wanted
      stop 1
    end if
  end subroutine
end module

program main
  use problem
  implicit none
  real(c_double) :: x(3), dx(3), y, dy
  x = [1d0, 2d0, 3d0]
  dx = 0
  dy = 1
  call autodiff(squares, x, dx, enzyme_const, 3, y, dy)
  call near(y, 36 + sum(sin(x)))
  call near(dx(1), 2 + cos(1d0))
  call near(dx(3), 18 + cos(3d0))
  dx = [1d0, 0d0, 1d0]
  call fwddiff(squares, x, dx, enzyme_const, 3, y, dy)
  call near(dy, 20 + cos(1d0) + cos(3d0))
end program
