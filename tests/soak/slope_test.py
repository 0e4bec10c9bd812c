"""A leak is found, and what is no leak is not taken for one."""

import random
import unittest

from slope import drifts, fit, leaks, trend

MIB = 1 << 20


def series(seconds, value):
    dice = random.Random(7)
    return [(t, value(t, dice)) for t in range(seconds)]


def leaking(found):
    return leaks(found, per_hour=8 * MIB, at_least=2 * MIB)


class Slope(unittest.TestCase):
    def test_fits_a_line_exactly(self):
        self.assertEqual(fit([(x, 3 * x + 5) for x in range(11)]), (3, 20))

    def test_a_leak_shows_under_noise(self):
        found = trend(series(7200, lambda t, dice: 50 * MIB + 12 * MIB * t / 3600
                             + dice.gauss(0, MIB)))
        self.assertAlmostEqual(found.per_hour / MIB, 12, delta=0.5)
        self.assertTrue(leaking(found))

    def test_a_leak_of_a_short_run_must_be_large(self):
        self.assertTrue(leaking(trend(series(120, lambda t, _: 50 * MIB + MIB * t / 10))))
        self.assertFalse(leaking(trend(series(120, lambda t, _: 50 * MIB + MIB * t / 100))))

    def test_noise_is_no_leak(self):
        self.assertFalse(leaking(trend(series(7200, lambda t, dice: 50 * MIB
                                              + dice.gauss(0, 4 * MIB)))))

    def test_what_grows_while_it_warms_up_is_no_leak(self):
        self.assertFalse(leaking(trend(series(7200, lambda t, _: min(t, 3000) * MIB / 30))))

    def test_what_shrinks_is_no_leak(self):
        self.assertFalse(leaking(trend(series(7200, lambda t, _: 900 * MIB - t * 1000))))

    def test_latency_that_rises_drifts(self):
        rising = trend(series(600, lambda t, dice: 0.002 + t / 30_000 + dice.gauss(0, 0.0005)))
        self.assertTrue(drifts(rising, share=0.5, at_least=0.001))
        level = trend(series(600, lambda t, dice: 0.002 + dice.gauss(0, 0.0005)))
        self.assertFalse(drifts(level, share=0.5, at_least=0.001))
        small = trend(series(600, lambda t, dice: 0.0001 + t / 2_000_000))
        self.assertFalse(drifts(small, share=0.5, at_least=0.001))


if __name__ == "__main__":
    unittest.main()
