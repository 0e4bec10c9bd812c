"""Whether a series of samples grows: least squares over its second half."""

import dataclasses


def fit(points):
    """Slope and mean of (x, y) pairs; needs two different x."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    return slope, mean_y


@dataclasses.dataclass
class Trend:
    """What the second half of a series says."""

    window: float  # seconds
    mean: float
    growth: float  # over the window

    @property
    def per_hour(self):
        return self.growth * 3600 / self.window


def trend(samples):
    """samples: (seconds, value). The first half is for warming up and says nothing."""
    begin, end = samples[0][0], samples[-1][0]
    half = [(x, y) for x, y in samples if x >= begin + (end - begin) / 2]
    slope, mean = fit(half)
    window = half[-1][0] - half[0][0]
    return Trend(window, mean, slope * window)


def leaks(found, per_hour, at_least):
    """Faster than per_hour, and more over the window than at_least, which a short run shows anyway."""
    return found.per_hour > per_hour and found.growth > at_least


def drifts(found, share, at_least):
    """By more than this share of the mean, and by more than at_least."""
    return found.growth > share * found.mean and found.growth > at_least
