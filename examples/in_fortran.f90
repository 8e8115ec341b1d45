! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! Tern from Fortran, by Enzyme's convention without markers: integers passed by
! value carry no derivative, each array or number passed by reference is followed
! by its shadow.
!
!   tern-flang -O2 in_fortran.f90 -o in_fortran && ./in_fortran
module heat
  use iso_c_binding, only: c_double, c_int
  implicit none

  interface
    subroutine gradient(f, n, steps, start, d_start, energy, d_energy) &
        bind(c, name="__enzyme_autodiff_heat")
      import :: c_double, c_int
      external :: f
      integer(c_int), value :: n, steps
      real(c_double) :: start(*), d_start(*), energy, d_energy
    end subroutine
  end interface

contains

  ! The energy of a rod after some time, its ends kept cold.
  subroutine diffuse(n, steps, start, energy) bind(c)
    integer(c_int), value :: n, steps
    real(c_double), intent(in) :: start(n)
    real(c_double), intent(out) :: energy
    real(c_double) :: now(100), next(100)
    integer :: i, step
    do i = 1, n
      now(i) = start(i)
    end do
    do step = 1, steps
      next(1) = 0
      next(n) = 0
      do i = 2, n - 1
        next(i) = now(i) + 0.2_c_double * (now(i - 1) - 2 * now(i) + now(i + 1))
      end do
      do i = 1, n
        now(i) = next(i)
      end do
    end do
    energy = 0
    do i = 1, n
      energy = energy + now(i) * now(i)
    end do
  end subroutine

end module

program in_fortran
  use heat
  implicit none
  integer(c_int), parameter :: n = 12, steps = 7
  real(c_double), parameter :: h = 1e-5_c_double
  real(c_double) :: start(n), shifted(n), d_start(n), energy, d_energy
  real(c_double) :: above, below, error
  integer :: i

  do i = 1, n
    start(i) = sin(0.4_c_double * i)
  end do
  d_start = 0
  d_energy = 1
  call gradient(diffuse, n, steps, start, d_start, energy, d_energy)

  error = 0
  do i = 1, n
    shifted = start
    shifted(i) = start(i) + h
    call diffuse(n, steps, shifted, above)
    shifted(i) = start(i) - h
    call diffuse(n, steps, shifted, below)
    error = max(error, abs((above - below) / (2 * h) - d_start(i)))
  end do
  print '(a, es8.1)', 'largest difference to finite differences:', error
  if (error > 1e-8_c_double) stop 1
end program
