# SPDX-License-Identifier: Apache-2.0
"""One second of sound to the models' input: 49 x 10 mel cepstra as int8.

Windows of 40 ms every 20 ms, 40 mel bands from 60 Hz to 7.6 kHz, DCT-II, the first
ten coefficients, each brought to about zero mean and unit deviation by fixed
numbers, then quantised with one fixed scale and zero point.

The fixed numbers are mean and deviation of the training set's cepstra (recipes.TRAIN).
The models hold them: with others, no file in models/ would see what it was trained on.
"""

from __future__ import annotations

import numpy as np

FRAMES, COEFFICIENTS = 49, 10
INPUT_SCALE = 1 / 32
INPUT_ZERO_POINT = -16
INPUT_LOW = (-128 - INPUT_ZERO_POINT) * INPUT_SCALE
INPUT_HIGH = (127 - INPUT_ZERO_POINT) * INPUT_SCALE
MEAN = np.float32(
    [
        -21.51547,
        5.712567,
        1.1149747,
        2.0396159,
        -0.4743254,
        -0.6784805,
        -0.05013192,
        -0.49971,
        0.20938064,
        -0.011421395,
    ]
)
DEVIATION = np.float32(
    [28.763067, 7.3644, 3.900899, 3.9347496, 2.553503, 2.5785134, 2.2880964, 2.0598056, 1.73144, 1.5875916]
)

_RATE, _WINDOW, _HOP, _FFT, _BANDS = 16_000, 640, 320, 1024, 40


def _mel(hertz: np.ndarray | float) -> np.ndarray:
    return 2595.0 * np.log10(1.0 + np.asarray(hertz) / 700.0)


def _filterbank() -> np.ndarray:
    edges = np.linspace(_mel(60.0), _mel(7600.0), _BANDS + 2)
    bins = _mel(np.fft.rfftfreq(_FFT, 1 / _RATE))
    rising = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def _cosines() -> np.ndarray:
    band = np.arange(_BANDS) + 0.5
    order = np.arange(COEFFICIENTS)
    basis = np.cos(np.pi / _BANDS * band[:, None] * order) * np.sqrt(2.0 / _BANDS)
    return basis.astype(np.float32)


_FILTERS, _DCT = _filterbank(), _cosines()
_TAPER = np.hanning(_WINDOW).astype(np.float32)


def cepstra(waves: np.ndarray) -> np.ndarray:
    """[N, 16000] samples in [-1, 1] to [N, 49, 10] float cepstra."""
    frames = np.lib.stride_tricks.sliding_window_view(waves, _WINDOW, axis=1)[:, ::_HOP]
    power = np.abs(np.fft.rfft(frames * _TAPER, _FFT, axis=2)).astype(np.float32) ** 2
    # The floor is the power of a quiet microphone: below it is nothing to learn.
    return np.log(power @ _FILTERS + 1e-5) @ _DCT


def quantise(values: np.ndarray) -> np.ndarray:
    """Float cepstra to int8 [N, 49, 10, 1]."""
    steps = np.round((values - MEAN) / DEVIATION / INPUT_SCALE) + INPUT_ZERO_POINT
    return np.clip(steps, -128, 127).astype(np.int8)[..., None]


def dequantise(values: np.ndarray) -> np.ndarray:
    return (values.astype(np.float32) - INPUT_ZERO_POINT) * np.float32(INPUT_SCALE)
