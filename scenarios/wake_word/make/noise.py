# SPDX-License-Identifier: Apache-2.0
"""Noise of six kinds, and mixing at a stated signal-to-noise ratio."""

from __future__ import annotations

import numpy as np

LENGTH = 16_000
# Slice name -> SNR in dB. "clean" keeps the hiss of a quiet room.
CONDITIONS: dict[str, float] = {"clean": 45.0, "20dB": 20.0, "10dB": 10.0, "5dB": 5.0, "0dB": 0.0}
KINDS = ("white", "pink", "hum", "clicks", "wind", "babble")


def _coloured(rng: np.random.Generator, exponent: float) -> np.ndarray:
    spectrum = np.fft.rfft(rng.standard_normal(LENGTH))
    shape = np.maximum(np.fft.rfftfreq(LENGTH, 1 / LENGTH), 20.0) ** -exponent
    return np.fft.irfft(spectrum * shape, LENGTH)


def _hum(rng: np.random.Generator) -> np.ndarray:
    time = np.arange(LENGTH) / LENGTH
    base = rng.choice([50.0, 60.0, 100.0, 120.0]) * rng.uniform(0.99, 1.01)
    tones = np.zeros(LENGTH)
    for order in range(1, 12):
        level = rng.uniform(0.1, 1.0) / order**0.7
        tones += level * np.sin(2 * np.pi * (base * order * time + rng.random()))
    return tones + 0.05 * rng.standard_normal(LENGTH)


def _clicks(rng: np.random.Generator) -> np.ndarray:
    wave = 0.003 * rng.standard_normal(LENGTH)
    for start in rng.integers(0, LENGTH - 800, rng.integers(2, 9)):
        decay = np.exp(-np.arange(800) / rng.uniform(10, 150))
        wave[start : start + 800] += rng.uniform(0.2, 1.0) * decay * rng.standard_normal(800)
    return wave


def _wind(rng: np.random.Generator) -> np.ndarray:
    gusts = np.interp(np.arange(LENGTH), np.linspace(0, LENGTH, 8), rng.uniform(0.2, 1.0, 8))
    return gusts * _coloured(rng, 1.0)


def _babble(rng: np.random.Generator, talkers: list[np.ndarray]) -> np.ndarray:
    wave = np.zeros(LENGTH)
    for _ in range(rng.integers(9, 15)):
        talker = talkers[rng.integers(len(talkers))]
        talker = np.resize(np.concatenate([talker, np.zeros(1600)]), LENGTH)
        wave += np.roll(talker, rng.integers(LENGTH)) / (np.std(talker) + 1e-6)
    return wave


def make(kind: str, rng: np.random.Generator, talkers: list[np.ndarray]) -> np.ndarray:
    """One second of noise with unit root mean square."""
    wave = {
        "white": lambda: rng.standard_normal(LENGTH),
        "pink": lambda: _coloured(rng, 0.5),
        "hum": lambda: _hum(rng),
        "clicks": lambda: _clicks(rng),
        "wind": lambda: _wind(rng),
        "babble": lambda: _babble(rng, talkers),
    }[kind]()
    return wave / np.sqrt(np.mean(wave**2))


def place(wave: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An utterance at a random place in one second; a longer one is cut."""
    spare = LENGTH - len(wave)
    if spare < 0:
        start = rng.integers(-spare + 1)
        return wave[start : start + LENGTH].astype(np.float64)
    placed = np.zeros(LENGTH)
    start = rng.integers(spare + 1)
    placed[start : start + len(wave)] = wave
    return placed


def mix(speech: np.ndarray | None, noise: np.ndarray, snr_db: float, level: float) -> np.ndarray:
    """Speech at `level` (RMS while it sounds) plus noise `snr_db` below it.

    Without speech the noise keeps the level it would have beside speech.
    """
    mixed = noise * level * 10 ** (-snr_db / 20)
    if speech is not None:
        sounding = speech[np.abs(speech) > 1e-4]
        mixed = mixed + speech * level / np.sqrt(np.mean(sounding**2))
    return np.clip(mixed, -1.0, 1.0).astype(np.float32)
