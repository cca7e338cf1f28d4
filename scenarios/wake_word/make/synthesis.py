# SPDX-License-Identifier: Apache-2.0
"""Text to 16 kHz samples, through the command line of five speech engines."""

from __future__ import annotations

import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import gcd
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

import variants
from plan import Utterance

SAMPLE_RATE = 16_000
_TIMEOUT_S = 30
_FESTIVAL_CHUNK = 100


def read_wave(path: Path) -> np.ndarray:
    """Samples of a wave file at 16 kHz, peak 0.5, silence trimmed; may be empty."""
    rate, samples = wavfile.read(path)
    wave = samples.astype(np.float64)
    common = gcd(rate, SAMPLE_RATE)
    if rate != SAMPLE_RATE:
        wave = resample_poly(wave, SAMPLE_RATE // common, rate // common)
    peak = np.max(np.abs(wave), initial=0.0)
    if peak < 1.0:
        return np.zeros(0, np.float32)
    return _trim(0.5 * wave / peak).astype(np.float32)


def _trim(wave: np.ndarray, floor: float = 10 ** (-38 / 20)) -> np.ndarray:
    hop = SAMPLE_RATE // 100
    frames = wave[: len(wave) // hop * hop].reshape(-1, hop)
    rms = np.sqrt(np.mean(frames**2, axis=1))
    loud = np.flatnonzero(rms > floor * rms.max())
    return wave[loud[0] * hop : (loud[-1] + 1) * hop]


def _command(cache: Path, utt: Utterance, out: Path) -> tuple[list[str], str | None]:
    """The command line, and what it reads on standard input."""
    voice, handle = utt.voice, utt.voice.handle
    if voice.engine == "espeak":
        pitch = str(int(np.clip(50 + 100 * (utt.pitch - 1), 0, 99)))
        speed = str(int(165 * utt.rate))
        speaker = [f"--path={variants.home(cache, voice.split, voice.accent)}", "-v", handle]
        return ["espeak-ng", *speaker, "-s", speed, "-p", pitch, "-w", str(out), utt.text], None
    if voice.engine == "flite":
        stretch = f"duration_stretch={1 / utt.rate:.3f}"
        pitch = f"f0_shift={utt.pitch:.2f}"
        options = ["-voice", handle, "--setf", stretch, "--setf", pitch]
        return ["flite", *options, "-t", utt.text, "-o", str(out)], None
    if voice.engine == "rhvoice":
        percent = [str(int(100 * value)) for value in (utt.rate, utt.pitch)]
        options = ["-p", handle, "-r", percent[0], "-t", percent[1]]
        return ["RHVoice-test", *options, "-o", str(out)], utt.text
    if voice.engine == "pico":
        speed, pitch = int(100 * utt.rate), int(100 * utt.pitch)
        text = f'<speed level="{speed}"><pitch level="{pitch}">{utt.text}</pitch></speed>'
        return ["pico2wave", "-l", handle, "-w", str(out), text], None
    raise ValueError(f"no such engine: {voice.engine}")


def _run_one(cache: Path, utt: Utterance) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.wav"
        command, text = _command(cache, utt, out)
        subprocess.run(command, input=text, text=True, check=True, capture_output=True, timeout=_TIMEOUT_S)
        return read_wave(out)


def _run_festival(utts: list[Utterance]) -> list[np.ndarray]:
    """One festival process for many utterances: it starts slowly, then is quick."""
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for index, utt in enumerate(utts):
            out = Path(folder) / f"{index}.wav"
            lines.append(
                f"(voice_{utt.voice.handle})\n"
                f"(Parameter.set 'Duration_Stretch {1 / utt.rate:.3f})\n"
                f'(utt.save.wave (utt.synth (Utterance Text "{utt.text}")) "{out}" \'riff)\n'
            )
        script = Path(folder) / "say.scm"
        script.write_text("".join(lines), encoding="ascii")
        limit = _TIMEOUT_S * len(utts)
        subprocess.run(["festival", "-b", str(script)], check=True, capture_output=True, timeout=limit)
        return [read_wave(Path(folder) / f"{index}.wav") for index in range(len(utts))]


def synthesise(utts: list[Utterance], cache: Path, jobs: int) -> list[np.ndarray]:
    """One waveform for each utterance, in order; `cache` holds the made-up speakers."""
    waves: list[np.ndarray] = [np.zeros(0, np.float32)] * len(utts)
    single = [i for i, u in enumerate(utts) if u.voice.engine != "festival"]
    batch = [i for i, u in enumerate(utts) if u.voice.engine == "festival"]
    chunks = [batch[i : i + _FESTIVAL_CHUNK] for i in range(0, len(batch), _FESTIVAL_CHUNK)]
    with ProcessPoolExecutor(jobs) as pool:
        work = pool.map(_run_festival, [[utts[i] for i in chunk] for chunk in chunks])
        one_by_one = pool.map(partial(_run_one, cache), [utts[i] for i in single], chunksize=50)
        for index, wave in zip(single, one_by_one, strict=True):
            waves[index] = wave
        for chunk, done in zip(chunks, work, strict=True):
            for index, wave in zip(chunk, done, strict=True):
                waves[index] = wave
    return waves
