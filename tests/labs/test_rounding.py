"""Numbers in words: true minus signs, no negative zero, as many figures as there is room for."""

from dlcourse.labs.rounding import brief, signed, small, trimmed


def test_signed_has_a_fixed_number_of_decimals():
    assert [signed(value) for value in (-0.001, -1.5, 0, 2)] == ["0.00", "−1.50", "0.00", "2.00"]
    assert (signed(0.25, 3), signed(-0.4, 0), signed(0.12345, 4)) == ("0.250", "0", "0.1235")


def test_trimmed_has_no_more_decimals_than_it_needs():
    words = [trimmed(value) for value in (1.5, -2.0, 0.333, -0.001, 10.0, 0.0)]
    assert words == ["1.5", "−2", "0.33", "0", "10", "0"]
    assert trimmed(30, 0) == "30"


def test_small_has_at_most_three_figures():
    words = [small(value) for value in (9.5367e-7, 0.10737, 0, -2e-5, 2.3579, -31)]
    assert words == ["9.54e−07", "0.107", "0", "−2.00e−05", "2.36", "−31"]


def test_brief_has_two_figures():
    words = [brief(value) for value in (0, 0.7, 0.0031, 12.6, 1842.2, 5e-7, 21000)]
    assert words == ["0", "0.70", "0.0031", "13", "1842", "5e−07", "2e04"]
